"""Why a case's action was not done: every sentence says what is wrong and what would put it right."""

from tongban.core.labels import Label
from tongban.core.refusals import declare

declare(
    {
        "case.unknown": Label("没有这一件，或者您不能查看它。", "There is no such case, or it is not yours to see."),
        "case.state": Label(
            "这一件现在是“{state}”，不能{move}。",
            "This case is now “{state}”, so it cannot be moved on by “{move}”.",
        ),
        "case.not_yours": Label(
            "“{move}”要由{who}来办，您现在的岗位不能办这一步。",
            "“{move}” is for {who}; the office you hold does not allow it here.",
        ),
        "case.same_person": Label(
            "办理人不能{move}自己办的件，请换一位同事。",
            "Whoever worked on a case may not do “{move}” on it; please ask a colleague.",
        ),
        "case.body.empty": Label(
            "请写下发生了什么，一两句话就行。", "Please say what happened; a sentence or two will do."
        ),
        "case.body.long": Label(
            "最多写 {most} 个字，现在有 {length} 个。请删去一些，细节可以留到办理时再补。",
            "At most {most} characters, this has {length}. Please shorten it; details can follow later.",
        ),
        "case.category": Label("请从列表里选一类事。", "Please choose a kind of matter from the list."),
        "case.about_itself": Label(
            "这一件反映的就是“{unit}”，不能交给它或它下属的单位。请另选一个单位。",
            "This request is a complaint about “{unit}”, so neither it nor a body under it can be given it."
            " Please choose another.",
        ),
        "case.unit.gone": Label(
            "“{unit}”已不存在，由“{successor}”承接。请改选承接单位。",
            "“{unit}” no longer exists; “{successor}” has taken over its duties. Please choose that one.",
        ),
        "case.unit.closed": Label(
            "“{unit}”已不存在，请另选单位。", "“{unit}” no longer exists. Please choose another."
        ),
        "case.unit.below": Label(
            "只能往下交给自己管辖的单位，“{unit}”不在其中。",
            "A case is passed on only downwards; “{unit}” is not below you.",
        ),
        "case.unit.already": Label("“{unit}”已在办这一件。", "“{unit}” is already working on this case."),
        "case.unit.none": Label("请选一个单位。", "Please choose a unit."),
        "case.limit": Label(
            "没有叫“{code}”的时限，请从列表里选。", "There is no limit called “{code}”; choose one of the list."
        ),
        "case.reason": Label("请写明理由，对方会看到。", "Please give the reason; the other side will read it."),
        "case.outside": Label("请写明转到哪个外部单位。", "Please say to which outside body it goes."),
        "case.text.empty": Label("还没有写内容。", "There is nothing written yet."),
        "case.answer.receipt": Label(
            "“已收悉”只是回执，不算答复。请写清怎么办、谁来办、什么时候办完。",
            "“Received” is only a receipt. Please say what will be done, by whom and by when.",
        ),
        "case.answer.none": Label("还没有审核通过的答复，不能发出。", "There is no approved answer to send."),
        "case.account": Label("请选同一单位的一位经办人。", "Please choose an officer of the same unit."),
        "case.inquiry.none": Label("没有等您补充的问题。", "There is no open question to reply to."),
        "case.inquiry.open": Label(
            "上一个问题还没有得到补充，请等对方答复。", "The last question has not been answered yet."
        ),
        "rating.link": Label(
            "这个评价链接不对。请从收到的消息里重新点开。",
            "This rating link is not right. Please open it from the message again.",
        ),
        "rating.used": Label(
            "这一件您已评过，谢谢。每件评一次。", "You have rated this case already, thank you. Once is enough."
        ),
        "rating.expired": Label("评价期已过（{day} 截止）。", "The time for rating ended on {day}."),
        "rating.grade": Label("请在五个等级里选一个。", "Please choose one of the five grades."),
        "rating.long": Label(
            "最多写 {most} 个字，现在有 {length} 个。请删去一些再提交。",
            "At most {most} characters, this has {length}. Please shorten it and send it again.",
        ),
        "rating.own": Label("办理人不能评价自己办的件。", "Whoever worked on a case may not rate it."),
        "fact.number": Label("“{fact}”请填整数，例如 40。", "“{fact}” takes a whole number, such as 40."),
        "fact.money": Label(
            "“{fact}”请填金额，例如 5000000 或 12.50。", "“{fact}” takes an amount, such as 5000000 or 12.50."
        ),
        "fact.range": Label("“{fact}”太大或小于零，请再核对。", "“{fact}” is below zero or too large. Please check."),
        "fact.choice": Label("“{fact}”请从列表里选。", "“{fact}” must be one of the list."),
        "fact.required": Label("请填“{fact}”。", "Please fill in “{fact}”."),
        "fact.unknown": Label("这类事没有叫“{code}”的内容。", "This kind of case has nothing called “{code}”."),
        "fact.moment": Label("“{fact}”请填日期和时间。", "“{fact}” takes a date and a time."),
        "case.desk.itself": Label(
            "您投诉的正是唯一的受理岗，不能由它自己受理。请直接向县监督机关反映。",
            "The only desk is the one that you complain about, and it cannot take this itself. Please turn to the county's supervisory body.",
        ),
        "case.same": Label("类别和地点都没有变。", "Neither category nor place has changed."),
        "case.place": Label("请在列表里选镇街或村社区。", "Please choose the town or village from the list."),
        "case.position": Label("地图上的位置不在本县，请重新选。", "The position on the map is not in this county."),
        "participant.known": Label("已经在关注这一件了。", "Already taking part in this case."),
    }
)
