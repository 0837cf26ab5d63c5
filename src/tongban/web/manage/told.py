"""What administrators' actions are called on a page: the ledger's names in words."""

from __future__ import annotations

from tongban.core.labels import Label

TOLD: dict[str, Label] = {
    "access.create_account": Label("建账号", "Account made"),
    "access.begin_work": Label("首次登录，换密码并绑定动态码", "First sign-in: password and second factor set"),
    "access.set_up_second_factor": Label("绑定动态码", "Second factor set up"),
    "access.renew_paper_codes": Label("换备用码", "Codes on paper renewed"),
    "access.change_password": Label("换密码", "Password changed"),
    "access.reset_sign_in": Label("重置密码和动态码", "Password and second factor reset"),
    "access.deactivate_account": Label("停用账号", "Account closed"),
    "access.reactivate_account": Label("恢复账号", "Account opened again"),
    "access.confirm_phone": Label("确认手机号", "Phone confirmed"),
    "access.give_role": Label("给岗位", "Office given"),
    "access.end_role": Label("结束岗位", "Office ended"),
    "access.add_substitute": Label("安排代岗", "Substitute arranged"),
    "registry.seed": Label("初始录入", "Entered at the beginning"),
    "registry.register_firm": Label("登记企业", "Firm registered"),
    "registry.dissolve_firm": Label("记为注销", "Recorded as dissolved"),
    "registry.rename_organisation": Label("改名", "Renamed"),
    "registry.rename_area": Label("改名", "Renamed"),
    "registry.end_organisation": Label("撤销", "Ended"),
    "registry.end_area": Label("撤销", "Ended"),
    "calendar.seed": Label("初始录入", "Entered at the beginning"),
    "calendar.open_year": Label("录入这一年", "Year entered"),
    "calendar.set_day": Label("改一天", "A day changed"),
    "calendar.clear_day": Label("恢复一天", "A day cleared"),
    "calendar.confirm_year": Label("确认这一年", "Year confirmed"),
    "calendar.set_working_hours": Label("改办公时间", "Working hours set"),
    "notices.add_webhook": Label("加推送", "Webhook added"),
    "notices.change_webhook": Label("改推送", "Webhook changed"),
    "notices.switch_webhook": Label("启用或停用", "Switched on or off"),
    "notices.switch_webhook_off": Label("连续失败，自动停用", "Kept failing, switched off"),
    "notices.renew_secret": Label("换密钥", "Secret renewed"),
    "notices.try_webhook": Label("发测试", "Test sent"),
    "cases.seed": Label("初始录入", "Entered at the beginning"),
    "cases.set_limit": Label("改时限", "Limit set"),
    "cases.confirm_limit": Label("确认时限", "Limit confirmed"),
    "cases.set_target": Label("改目标", "Target set"),
    "cases.confirm_target": Label("确认目标", "Target confirmed"),
    "cases.set_rung": Label("改阶梯", "Ladder set"),
    "cases.confirm_rung": Label("确认阶梯", "Ladder confirmed"),
    "cases.set_route": Label("改去向", "Route set"),
    "cases.end_route": Label("结束去向", "Route ended"),
}
SYSTEM: dict[str, Label] = {
    "command": Label("系统命令", "a command on the server"),
    "worker": Label("系统", "the system"),
    "sign-in": Label("本人登录", "signing in"),
}
