"""What is sent to an asker's phone about a case: each step that concerns what he was promised, with the link by which
somebody without an account follows it."""

from __future__ import annotations

from tongban.core.labels import Label

MESSAGES: dict[str, Label] = {
    "opened": Label(
        "【通办】您的诉求收到了，编号 {number}。查询码 {code}，不用登录就能看进展：{track} 查询码只给您自己，请收好。",
        "[Tongban] We have your request, number {number}. With the code {code} you can follow it without signing in:"
        " {track} Please keep it to yourself.",
    ),
    "accept": Label(
        "【通办】诉求 {number} 受理了。交给谁办、什么时候前答复，在这里看：{track}",
        "[Tongban] Request {number} has been accepted. Who handles it, and by when it will be answered: {track}",
    ),
    "decline": Label(
        "【通办】诉求 {number} 没有受理，理由在这里看：{track}",
        "[Tongban] Request {number} was not accepted. The reason stands here: {track}",
    ),
    "refer": Label(
        "【通办】诉求 {number} 已转外部单位办理。转到哪里、为什么，在这里看：{track}",
        "[Tongban] Request {number} was referred to a unit outside the county. Where to, and why: {track}",
    ),
    "ask": Label(
        "【通办】{unit}办理诉求 {number} 时要请您补充几句，请打开：{track}",
        "[Tongban] {unit} needs a few more words from you about request {number}: {track}",
    ),
    "pause": Label(
        "【通办】{unit}办理诉求 {number} 时要请您补充，补充之前暂停计时，请打开：{track}",
        "[Tongban] {unit} needs more from you about request {number}; until then its clock stands still: {track}",
    ),
    "resume": Label(
        "【通办】诉求 {number} 恢复计时，{day}前答复。进展：{track}",
        "[Tongban] The clock of request {number} runs again; it is to be answered by {day}: {track}",
    ),
    "resume_out": Label(
        "【通办】诉求 {number} 暂停已到最长时间，恢复计时，{day}前答复。进展：{track}",
        "[Tongban] The longest pause of request {number} is over; it is to be answered by {day}: {track}",
    ),
    "grant": Label(
        "【通办】诉求 {number} 延期办理，改为 {day}前答复。进展：{track}",
        "[Tongban] Request {number} was given more time; it is now to be answered by {day}: {track}",
    ),
    "promise": Label(
        "【通办】工作日历有调整，诉求 {number} 改为 {day}前答复。进展：{track}",
        "[Tongban] The working calendar has changed; request {number} is now to be answered by {day}: {track}",
    ),
    "decide_monthly": Label(
        "【通办】月度例会对诉求 {number} 作出了决定，请看：{track}",
        "[Tongban] The monthly meeting has decided on request {number}: {track}",
    ),
    "decide_joint": Label(
        "【通办】联席会议对诉求 {number} 作出了决定，请看：{track}",
        "[Tongban] The joint meeting has decided on request {number}: {track}",
    ),
    "hold": Label(
        "【通办】联席会议决定诉求 {number} 暂时挂账，暂停计时，最迟 {day} 恢复办理。请看：{track}",
        "[Tongban] The joint meeting has put request {number} on hold, until {day} at the latest: {track}",
    ),
    "hold_out": Label(
        "【通办】诉求 {number} 挂账期满，恢复办理。进展：{track}",
        "[Tongban] Request {number} is no longer on hold; work on it goes on: {track}",
    ),
    "reopen": Label(
        "【通办】诉求 {number} 重新办理，办好再答复您：{track}",
        "[Tongban] Request {number} is being done again; you will have another answer: {track}",
    ),
    "merge": Label(
        "【通办】诉求 {number} 和别人反映的是同一件事，已合并办理。进展和答复在这里看：{track}",
        "[Tongban] Request {number} is about the same matter as another one, and both are handled as one: {track}",
    ),
    "unmerge": Label(
        "【通办】诉求 {number} 的合并已撤销，照原来单独办理：{track}",
        "[Tongban] The merging of request {number} was undone; it is handled by itself as before: {track}",
    ),
    "answer": Label(
        "【通办】诉求 {number} 有答复了{outcome}。请看：{track}",
        "[Tongban] Request {number} has been answered{outcome}. Read it here: {track}",
    ),
    "send": Label(
        "【通办】诉求 {number} 有答复了{outcome}。看答复：{track} 满意不满意都请评一评（只能评一次）：{rate}",
        "[Tongban] Request {number} has been answered{outcome}. Read it: {track} Please rate it, satisfied or not (once): {rate}",
    ),
}
