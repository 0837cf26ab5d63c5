"""Why an account, a role or a sign-in was refused: every sentence says what would put it right."""

from tongban.core.labels import Label
from tongban.core.refusals import declare

declare(
    {
        "access.administrator": Label(
            "这一步要由管理员来办，您现在没有管理员岗位。",
            "This is for an administrator, and you do not hold that office now.",
        ),
        "account.unknown": Label("没有这个账号。", "There is no such account."),
        "account.name": Label(
            "登录名用 3 到 40 个小写字母、数字、点或连字符，以字母开头，例如 yu.jiaotong。",
            "A sign-in name has 3 to 40 small letters, digits, dots or dashes and begins with a letter, such as"
            " yu.jiaotong.",
        ),
        "account.taken": Label(
            "登录名“{name}”已有人用，请换一个。", "The sign-in name “{name}” is taken; choose another."
        ),
        "account.person": Label("请填写姓名。", "Please give the person's name."),
        "account.resident": Label(
            "这是居民账号，不能任职。请先为这位同事建一个工作账号。",
            "This is a resident's account and holds no office. Make a staff account for this colleague first.",
        ),
        "account.inactive": Label(
            "这个账号已停用。请先恢复，或换一个账号。", "This account is closed. Open it again, or choose another."
        ),
        "account.active": Label("这个账号正在使用，不用恢复。", "This account is in use; there is nothing to open."),
        "account.own": Label(
            "不能停用或重置自己的账号，请另一位管理员来办。",
            "Nobody closes or resets his own account; ask another administrator.",
        ),
        "token.name": Label(
            "请写明这个令牌给谁用，最多 {most} 个字。", "Please say in at most {most} characters what the token is for."
        ),
        "token.scopes": Label("请从列表里选这个令牌可以做什么。", "Please choose from the list what the token is for."),
        "token.days": Label("有效期填 1 到 {most} 天。", "A token is valid for 1 to {most} days."),
        "token.many": Label(
            "一个账号最多 {most} 个在用的令牌。请先停用不再用的。",
            "An account has at most {most} tokens in use. End those that are no longer needed first.",
        ),
        "token.unknown": Label("没有这个令牌，或者已经停用。", "There is no such token, or it has ended."),
        "role.unknown": Label("没有这个岗位，或者已经结束。", "There is no such role, or it has ended."),
        "role.office": Label("请从列表里选一个岗位。", "Please choose an office from the list."),
        "role.place": Label(
            "受理岗只设在受理中心，经办人只设在承办单位。请换单位或换岗位。",
            "Agents work at a desk and handlers in a handling unit. Choose another organisation or office.",
        ),
        "role.organisation": Label("请选一个单位。", "Please choose an organisation."),
        "role.dissolved": Label(
            "“{unit}”已于 {day} 撤销，不能再在那里任职。请选承接单位。",
            "“{unit}” ended on {day}, so nobody takes office there. Choose the unit that took over.",
        ),
        "role.not_yet": Label(
            "“{unit}”{day}才成立，任职不能早于那一天。",
            "“{unit}” begins on {day}; no office in it begins earlier.",
        ),
        "role.same": Label(
            "这个账号在“{unit}”已有同样的岗位，不用再加。",
            "This account already holds the same office in “{unit}”.",
        ),
        "role.own": Label(
            "不能给自己任职；请由另一位管理员办理。",
            "Nobody gives himself an office; another administrator has to do it.",
        ),
        "role.own_administrator": Label(
            "不能结束自己的管理员岗位，否则可能没人能管。请另一位管理员来办。",
            "Nobody ends his own administrator's office, for nobody might be left. Ask another administrator.",
        ),
        "role.days": Label(
            "结束日期不能早于开始日期，请检查这两天。", "The last day cannot come before the first; check both."
        ),
        "role.past": Label("结束日期已经过去，请填今天或以后。", "The last day has passed; give today or later."),
        "substitute.self": Label(
            "不能自己代自己，请选另一位同事。", "Nobody stands in for himself; choose a colleague."
        ),
        "substitute.chain": Label(
            "这本身就是代岗。请为原来的岗位安排代岗人。",
            "This is a substitute's role itself. Arrange somebody for the role it stands in for.",
        ),
        "substitute.until": Label("请写明代到哪一天。", "Please say until which day the substitute stands in."),
        "substitute.administrator": Label(
            "管理员不设代岗。请直接给同事一个管理员岗位，用完结束。",
            "There is no substitute for an administrator. Give the colleague the office itself and end it later.",
        ),
        "mandate.gone": Label(
            "这条申请已有人办过，不用再办。", "Somebody has dealt with this request already; nothing is left to do."
        ),
        "password.old": Label("现在的密码不对。", "The present password is wrong."),
        "password.short": Label(
            "密码太短，至少要 10 个字符。可以用几个不相干的词连起来。",
            "This password is too short: at least 10 characters. A few unrelated words joined up will do.",
        ),
        "password.common": Label(
            "这个密码太常见，很容易被猜到，请换一个。", "This password is common and easily guessed; choose another."
        ),
        "password.similar": Label(
            "这个密码和登录名太像，请换一个。", "This password is too much like the sign-in name; choose another."
        ),
        "password.same": Label("新密码不能和现在的一样。", "The new password must differ from the present one."),
        "password.differ": Label("两次填的密码不一样，请重填。", "The two passwords differ; type them again."),
        "sign_in.wrong": Label(
            "登录名或密码不对。再检查一次大小写。", "The name or the password is wrong. Check capitals and try again."
        ),
        "sign_in.locked": Label(
            "试错 5 次，先停一停：请过 {minutes} 分钟再来。如果不是您在试，请告诉管理员。",
            "Five wrong tries, so this is closed for {minutes} more minutes. If it was not you, tell the administrator.",
        ),
        "sign_in.stale": Label(
            "这一步停得太久，请从头登录一次。", "This step has waited too long; please sign in from the start."
        ),
        "factor.wrong": Label(
            "动态码不对。请看手机上现在的 6 位数字，再输一次。",
            "This code is wrong. Look at the six digits on your phone now, and type them again.",
        ),
        "factor.used": Label(
            "这个动态码刚用过。请等手机上换成下一个（不到 30 秒）再输。",
            "This code has just been used. Wait for the next one (less than 30 seconds).",
        ),
        "factor.known": Label("已经绑定过动态码。", "A second factor is set up already."),
        "code.shape": Label("请填短信里的 6 位数字。", "Please type the six digits from the message."),
        "code.wrong": Label(
            "验证码不对，或者已过 5 分钟。请看最新一条短信；也可以重新获取。",
            "This code is wrong or older than 5 minutes. Look at the latest message, or ask for a new code.",
        ),
        "code.wait": Label(
            "刚发过一条，请过 {seconds} 秒再获取。", "One has just been sent; ask again in {seconds} seconds."
        ),
        "code.wait_other": Label(
            "刚有另一台设备（或另一个浏览器）为这个号码要过验证码，那一条在这里不能用。请过 {seconds} 秒再获取您自己的。",
            "Another device or browser has just asked for a code for this number, and that one is not good here. Ask for"
            " your own in {seconds} seconds.",
        ),
        "code.day": Label(
            "这个号码一天里已发了 {most} 条验证码，请过 {wait}再来，或到窗口办理。",
            "This number has had {most} codes within a day. Come back in {wait}, or use the counter.",
        ),
        "code.crowd": Label(
            "从您这个网络要的验证码太多，先停一停：请过 {wait}再试。着急的话请到窗口，或换手机流量再试。",
            "Too many codes were asked for from your network, so it has to pause: try again in {wait}. If it is urgent,"
            " use the counter or another connection.",
        ),
        "code.unsent": Label(
            "短信没发出去，不是您的问题。请过一会儿再试。",
            "The message could not be sent; this is our fault. Try again soon.",
        ),
        "phone.staff": Label(
            "这个号码登记在一个工作账号上。请从“工作人员登录”进入。",
            "This number belongs to a staff account. Please use the staff sign-in.",
        ),
        "phone.name": Label(
            "请填您的姓名，办件时好称呼您。", "Please give your name, so that we know how to address you."
        ),
    }
)
