"""Why a visit or a charge was refused: every sentence says what would put it right."""

from tongban.core.labels import Label
from tongban.core.refusals import declare

declare(
    {
        "liaison.assigner": Label(
            "指定联络员由管理员或企业受理岗来办。",
            "Liaison officers are appointed by an administrator or an agent of the firms' desk.",
        ),
        "liaison.firm": Label(
            "没有登记过这个信用代码的企业。请核对，或先在“企业”里登记。",
            "No firm is registered under this credit code. Please check it, or register the firm first.",
        ),
        "liaison.officer": Label(
            "没有用户名是“{name}”、现在有办理岗位的工作人员。请核对用户名。",
            "No officer who now holds an office for requests has the user name “{name}”. Please check it.",
        ),
        "liaison.several": Label(
            "叫“{name}”的工作人员不止一位，请填登录名。",
            "More than one officer is called “{name}”. Please give the user name.",
        ),
        "liaison.table": Label(
            "这个文件里没有认出“统一社会信用代码”和“联络员”两列。请在第一行写上列名，另存为 xlsx 或 csv 再传。",
            "The columns “credit code” and “officer” were not found in this file. Name them in the first row, save the"
            " table as xlsx or csv, and send it again.",
        ),
        "liaison.rows": Label(
            "一次最多 {most} 行，这个表有 {rows} 行。请分几个表传。",
            "At most {most} rows at a time; this table has {rows}. Please send it in parts.",
        ),
        "liaison.day": Label(
            "“{typed}”不是走访过的日期。请写成 2026-11-20，不晚于今天，或空着。",
            "“{typed}” is no day on which a visit can have been. Write it as 2026-11-20, today at the latest, or leave it empty.",
        ),
        "liaison.own": Label("不能指定自己，请另一位同事来办。", "Nobody appoints himself; ask a colleague."),
        "liaison.held": Label(
            "这家企业已有联络员：{name}。要换人，请用“换人”。",
            "This firm has a liaison officer already: {name}. To change, hand the firm over.",
        ),
        "liaison.none": Label("这家企业现在没有联络员。", "This firm has no liaison officer now."),
        "liaison.same": Label("已经是这位同事了。", "It is this colleague's already."),
        "liaison.nothing": Label("他现在没有联系的企业。", "He has no firm now."),
        "liaison.not_yours": Label(
            "这家企业现在不由您联系，走访要由它的联络员来记。",
            "This firm is not yours; its visits are logged by its liaison officer.",
        ),
        "visit.unknown": Label("没有这次走访。", "There is no such visit."),
        "visit.state": Label(
            "这次走访{state}，不能再改。要补记，请另记一次走访。",
            "This visit {state} and cannot be changed. To add something, log another visit.",
        ),
        "visit.past": Label("走访日期最早是今天（{day}）。", "A visit is planned for today ({day}) at the earliest."),
        "visit.far": Label("走访日期最晚到{day}。", "A visit is planned for {day} at the latest."),
        "visit.planned": Label(
            "已经计划在{day}走访，可以改那一次的日期。",
            "A visit is planned for {day} already; you can move that one.",
        ),
        "visit.same": Label("日期没有变化。", "The day is the same as before."),
        "visit.kind": Label("请选走访方式。", "Please choose how you visited."),
        "visit.future": Label("走访时间不能晚于现在。", "A visit cannot have been held later than now."),
        "visit.old": Label("走访时间最早到{day}。", "A visit can have been held on {day} at the earliest."),
        "visit.empty": Label("请记下听到了什么，一句话也行。", "Please write what you heard; one sentence will do."),
        "visit.long": Label("最多 {most} 字，现在 {length} 字。", "At most {most} characters; there are {length} now."),
        "visit.not_held": Label(
            "这次走访还没有记下经过。请先记走访，再登记诉求。",
            "This visit has not been logged yet. Log it first, then enter the request.",
        ),
        "visit.programme": Label("请选一个企业可以提的事项。", "Please choose a programme for firms."),
    }
)
