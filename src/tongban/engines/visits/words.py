"""What a visit's state and kind are called."""

from tongban.core.labels import Label
from tongban.engines.visits.models import Visit

STATES: dict[str, Label] = {
    Visit.State.PLANNED: Label("已计划", "is planned"),
    Visit.State.HELD: Label("已记下", "was logged"),
    Visit.State.MISSED: Label("没有按计划走访", "was missed"),
    Visit.State.CANCELLED: Label("已取消", "was cancelled"),
}
KINDS: dict[str, Label] = {
    Visit.Kind.ON_SITE: Label("上门", "On site"),
    Visit.Kind.PHONE: Label("电话", "Phone"),
    Visit.Kind.ONLINE: Label("线上", "Online"),
}
