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
        "case.category": Label("请从列表里选一类事。", "Please choose a category from the list."),
        "case.about_itself": Label(
            "这一件反映的就是“{unit}”，不能交给它或它下属的单位。请另选一个单位。",
            "This request is a complaint about “{unit}”, so neither it nor a unit under it can be given it."
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
        "case.limit.step": Label(
            "“{code}”是环节或计时用的时限，不能用来交办。请从列表里选办理时限。",
            "“{code}” is the limit of a single step or stop, so no case is given out under it; choose one of the list.",
        ),
        "case.recall.at_work": Label(
            "“{unit}”正在办，不能直接收回。请它退回或转办，或提交会议决定。",
            "“{unit}” is working on it, so it cannot simply be taken back: ask it to return it or pass it on, or bring "
            "it before a meeting.",
        ),
        "case.reason": Label("请写明理由，对方会看到。", "Please give the reason; the other side will read it."),
        "case.outside": Label("请写明转到哪个外部单位。", "Please say to which unit outside it goes."),
        "case.text.empty": Label("还没有写内容。", "There is nothing written yet."),
        "case.answer.receipt": Label(
            "“已收悉”只是回执，不算答复。请写清怎么办、谁来办、什么时候办完。",
            "“Received” is only a receipt. Please say what will be done, by whom and by when.",
        ),
        "case.answer.none": Label("还没有审核通过的答复，不能发出。", "There is no approved answer to send."),
        "case.outcome": Label(
            "请选这件事办成了没有：已解决、部分解决、未能解决，还是解释说明。",
            "Please say what came of it: done, partly done, not done, or explained.",
        ),
        "case.outcome.why": Label(
            "“{outcome}”要说明为什么，请从原因里选一项。", "“{outcome}” needs a reason; please choose one."
        ),
        "case.outcome.because": Label(
            "请用一两句话向提出人说明为什么没有办成。",
            "Please tell the requester in a sentence or two why it is not done.",
        ),
        "case.outcome.over": Label(
            "选了“{outcome}”就不写没办成的原因。请清空原因，或改选结果。",
            "“{outcome}” takes no reason for something undone: clear the reason, or choose another outcome.",
        ),
        "case.outcome.day": Label(
            "列入计划的，请写打算哪一天前办好（今天以后）。",
            "What is planned needs a day after today by which it is to be done.",
        ),
        "case.outcome.unplanned": Label(
            "只有“已列入计划”才写日期。请清空日期，或改选原因。",
            "Only what is planned has a day: clear the day, or choose that reason.",
        ),
        "case.account": Label("请选同一单位的一位经办人。", "Please choose an officer of the same unit."),
        "case.inquiry.none": Label("没有等您补充的问题。", "There is no open question to reply to."),
        "case.inquiry.open": Label(
            "上一个问题还没有得到补充，请等对方答复。", "The last question has not been answered yet."
        ),
        "case.pause.already": Label("已经暂停计时了。", "The clock stands still already."),
        "case.pause.none": Label("计时没有暂停。", "The clock is running."),
        "case.pause.nobody": Label(
            "这一件不知道提出人是谁，没有人能补件，所以不能暂停。",
            "Nobody knows who asked, so nobody can give what is missing, and the clock cannot be paused.",
        ),
        "case.pause.late": Label("已经超期，不能再暂停计时。", "It is overdue already, so the clock cannot be paused."),
        "case.pause.used": Label(
            "这一件可以暂停的时间已经用完。请照现有材料办理，或在到期前申请延期。",
            "The time for which this case may be paused is used up. Go on with what there is, or ask for an extension in time.",
        ),
        "case.hold.meeting": Label(
            "挂账由会议决定，也由会议解除。", "A meeting has put this on hold; only a meeting takes it off again."
        ),
        "case.extension.once": Label(
            "每件只能延期一次，这一件已延过。", "A case is extended once, and this one has been."
        ),
        "case.extension.asked": Label(
            "延期已经申请了，请等批复。", "An extension has been asked for; please wait for the decision."
        ),
        "case.extension.late": Label(
            "已过答复期限，不能再申请延期。延期要在到期前申请。",
            "The time promised has passed. An extension is asked for before that.",
        ),
        "case.extension.over": Label(
            "已过答复期限，不能再批延期。", "The time promised has passed, so it can no longer be extended."
        ),
        "case.extension.amount": Label("请填 1 到 {most} 之间的整数。", "A whole number between 1 and {most}."),
        "case.extension.none": Label("没有等批的延期申请。", "No extension waits for a decision."),
        "case.merge.itself": Label(
            "这两件已经是同一件了，请填另一件的编号。", "These two are one case already; give the number of another."
        ),
        "case.merge.unknown": Label(
            "本受理岗没有这个编号的同类诉求，请核对编号。",
            "This desk has no such request under that number; please check it.",
        ),
        "case.merge.about": Label(
            "投诉只能和投诉同一个单位的合并，这两件反映的对象不同，请分别办理。",
            "A complaint is merged only with one about the same unit; these are not, so please handle them apart.",
        ),
        "case.merge.over": Label(
            "{number} 现在是“{state}”，不能再并入。请选还在办的一件，或者分别办理。",
            "{number} is “{state}” now, so nothing is merged into it. Choose one that is open, or handle them apart.",
        ),
        "case.merge.objected": Label(
            "您已经说过不是同一件事，受理岗会看。", "You have said so already; the desk will look at it."
        ),
        "case.questions.many": Label(
            "请每行写一个问题，2 到 {most} 个。只有一个问题就不用分列。",
            "One question a line, from 2 to {most}. A single question needs no number.",
        ),
        "case.questions.left": Label(
            "第 {number} 个问题还没有答复，请逐一答复。", "Question {number} has no answer yet; each needs its own."
        ),
        "case.neighbours.open": Label(
            "已经用这个标题公开给邻里了。", "It is open to neighbours under this title already."
        ),
        "case.neighbours.none": Label("这一件没有让邻里加入。", "This case is not open to neighbours."),
        "case.neighbours.private": Label(
            "保密的和投诉单位的不能让邻里加入。", "What is confidential or a complaint is not opened to neighbours."
        ),
        "case.neighbours.kept_private": Label(
            "提出人选了不公开，这一件不能让邻里加入。",
            "The requester wants it kept private, so it is not opened to neighbours.",
        ),
        "case.neighbours.closed": Label(
            "这件事现在不能加入了。您可以单独提出来。", "This matter can no longer be joined. You may ask on your own."
        ),
        "case.neighbours.who": Label(
            "请先登录，才能把进展告诉您。", "Please sign in first, so that you can be told how it goes."
        ),
        "case.neighbours.not_one": Label(
            "您没有加入这一件，不用退出。", "You have not joined this matter, so there is nothing to leave."
        ),
        "case.withdraw.others": Label(
            "还有别人提了同一件事，或者点了“算我一个”，这件事要为他们接着办，所以不能撤回。您可以选择不公开这一件；有别的要求，请找受理岗。",
            "Others have asked the same or have joined, and the matter goes on for them, so it cannot be withdrawn."
            " You may keep it private; for anything else, the desk can help you.",
        ),
        "case.withdraw.others_unseen": Label(
            "还有别人提了同一件事，或者点了“算我一个”，这件事要为他们接着办，所以不能撤回。这一件不会公开；有别的要求，请找受理岗。",
            "Others have asked the same or have joined, and the matter goes on for them, so it cannot be withdrawn."
            " It is not published; for anything else, the desk can help you.",
        ),
        "case.split.many": Label(
            "请写要拆出去的事，每次 1 到 {most} 件。",
            "Write down the matters to be taken out, from 1 to {most} at a time.",
        ),
        "case.split.none": Label("这一件没有拆分过。", "This case was not split."),
        "case.under.none": Label("这一件没有挂在别的件下面。", "This case stands under no other."),
        "case.under.already": Label(
            "这一件已经挂在另一件下面，请先取下来。", "This case stands under another already; take it out first."
        ),
        "case.under.circle": Label(
            "那一件就挂在这一件下面，不能反过来再挂。",
            "That case stands under this one, so this one cannot stand under it.",
        ),
        "case.undo.later": Label(
            "{number} 在这之后又办过（{day}），所以不能再撤销。如果确实是另一件事，请新登记一件。",
            "{number} was worked on after that ({day}), so it cannot be undone any more."
            " If it is another matter after all, please enter it as a new request.",
        ),
        "case.urge.today": Label(
            "今天已经催过了，承办单位收到了。", "It has been urged today already; the unit has been told."
        ),
        "case.slip.open": Label(
            "上一张督办单还没到反馈时间，到期没有反馈才能再发。",
            "The last supervision slip still has time to be reported on; another can be issued when its day has passed.",
        ),
        "case.slip.none": Label("没有等反馈的督办单。", "No supervision slip waits for a report."),
        "case.agenda.already": Label(
            "已经在这个会议的议题里了。", "It stands on that agenda, or a higher one, already."
        ),
        "case.agenda.none": Label("这一件不在这次会议的议题里。", "This case is not on the agenda of this meeting."),
        "case.agenda.waits": Label(
            "这一件还在会议的议题里，会议作出决定后才能办结。",
            "A meeting has still to decide on this case; it is closed after that.",
        ),
        "meeting.kind": Label("请选会议类型。", "Please choose the kind of meeting."),
        "meeting.secretary": Label("会议由本受理岗的会议秘书管理。", "Meetings are kept by the secretary of the desk."),
        "meeting.unknown": Label("没有这次会议。", "There is no such meeting."),
        "meeting.over": Label("这次会议已经结束或取消。", "This meeting has ended or was cancelled."),
        "meeting.early": Label(
            "会议还没有开始，还不能记决定。", "The meeting has not begun, so nothing is decided yet."
        ),
        "meeting.past": Label("开会时间要在现在以后。", "A meeting begins after now."),
        "meeting.place": Label("请写开会地点。", "Please say where it takes place."),
        "meeting.planned": Label(
            "已有一次还没开的同类会议，请先开完或取消。",
            "A meeting of this kind is planned already; hold or cancel it first.",
        ),
        "meeting.same": Label("时间和地点都没有变。", "Neither time nor place has changed."),
        "meeting.left": Label(
            "还有 {count} 件没有结果。每一件都要有决定：交办、挂账、提交联席会议，或留到下次。",
            "{count} cases have no outcome yet. Each needs one: assigned, on hold, passed on, or kept for the next.",
        ),
        "meeting.text": Label("请写决定的内容。", "Please write down what was decided."),
        "meeting.outcome": Label("请从列表里选结果。", "Please choose an outcome from the list."),
        "meeting.hold": Label("挂账只能由联席会议决定。", "Only a joint meeting puts a case on hold."),
        "meeting.hold.state": Label(
            "这一件现在是“{state}”，不能挂账；已交办、还没有答复的件才能挂账。",
            "This case is “{state}”. Only what a unit has and has not yet answered is put on hold.",
        ),
        "meeting.day": Label("请填今天或以后的日期。", "Please give today or a later day."),
        "meeting.day.closed": Label(
            "{day} 的工作时间已经过了，请填以后的日期。",
            "Working time on {day} is over already; please give a later day.",
        ),
        "meeting.far": Label(
            "日期太远，最晚到 {last}。请检查年份。",
            "That day is too far off: the last one is {last}. Please check the year.",
        ),
        "meeting.decided": Label(
            "这次会议已经作了决定，不能再改期或取消。请给其余议题也记下结果，然后结束会议。",
            "This meeting has decided something, so it is neither moved nor cancelled. Give the rest an outcome too, then end it.",
        ),
        "publish.private": Label(
            "提出人选了不公开，这一件不能公开。", "The requester wants none of it published, so it stays as it is."
        ),
        "publish.confidential": Label(
            "提出人要求保密，这一件不能公开。", "The request is confidential, so it is not published."
        ),
        "publish.about": Label(
            "这一件是投诉单位的，不能公开。", "This is a complaint about a unit, so it is not published."
        ),
        "publish.title": Label(
            "请写公开的标题，最多 {most} 个字。", "A public title is needed, {most} characters at most."
        ),
        "publish.question": Label("请写公开的诉求内容。", "The public text of the request is needed."),
        "publish.answer": Label(
            "这一件还没有发出的答复，答复一栏请空着，发出以后再补。",
            "No answer has been sent yet: leave the answer open, and add it once one is sent.",
        ),
        "publish.place": Label("请选公开到哪一级的位置。", "Please choose how exactly the place is told."),
        "publish.grid": Label(
            "提出人没有在图上标位置，只能公开到镇或村。",
            "The requester marked no place on the map; choose town or village.",
        ),
        "publish.pictures": Label(
            "选的图片里有一张还没有确认，或者已经收回，请刷新后再选。",
            "One of the chosen pictures is not confirmed, or was taken back. Reload and choose again.",
        ),
        "publish.none": Label("没有等批准的公开稿。", "No text waits for approval."),
        "publish.changed": Label(
            "公开稿刚才改过，您看到的不是最新的。请刷新，看过再批。",
            "The text has just been changed. Reload, and read it before approving.",
        ),
        "publish.read": Label("请先逐字看过，再勾上“我看过了”。", "Please read every word, then tick that you have."),
        "publish.left": Label(
            "还有像个人信息的字样：{words}。是就退回去改；确实不是，请勾上说明再批。",
            "Some words still look personal: {words}. If they are, have them changed; if not, tick the box that says so.",
        ),
        "publish.not_public": Label(
            "这一件没有公开，不用撤下。", "It is not published, so there is nothing to take back."
        ),
        "publish.same": Label("已经是这样了。", "That is how it stands already."),
        "callback.again": Label(
            "这个结果刚才已经记下了，没有再记一遍。",
            "That has been written down already; it was not written down again.",
        ),
        "callback.result": Label("请选回访结果。", "Please choose what the call found."),
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
            "The only desk is the one that you complain about, and it cannot take this itself. Please turn to the county's supervisory unit.",
        ),
        "case.same": Label("类别和地点都没有变。", "Neither category nor place has changed."),
        "case.place": Label("请在列表里选镇街或村社区。", "Please choose the town or village from the list."),
        "case.position": Label("地图上的位置不在本县，请重新选。", "The position on the map is not in this county."),
        "file.used": Label(
            "“{name}”已经随另一份交上来了。请移除它再交，要再交一次请重新选择。",
            "“{name}” was sent with something else already. Please remove it; to send it again, choose it anew.",
        ),
        "file.none": Label("还没有选文件。", "No file has been chosen yet."),
        "file.most": Label(
            "这一件已有 {count} 个文件，一件最多放 {most} 个，再加不下了。请把要紧的写成文字，或者把几页合成一个 PDF。",
            "This case has {count} files, and at most {most} are kept for one. Please put it in words, or join pages into one PDF.",
        ),
        "file.unknown": Label("没有这个文件，或者您不能查看它。", "There is no such file, or it is not yours to see."),
        "file.picture": Label(
            "只有查过病毒的图片能准备公开。", "Only a picture that has been checked can be prepared for publication."
        ),
        "file.sure": Label(
            "请先看一遍效果，再勾选“已看过”。公开以后收不回来。",
            "Please look at the result first, then tick that you have. What is published cannot be called back.",
        ),
        "participant.known": Label("已经在关注这一件了。", "Already taking part in this case."),
    }
)
