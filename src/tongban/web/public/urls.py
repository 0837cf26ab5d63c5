"""Addresses of the public pages."""

from django.urls import URLPattern, path

from tongban.web.public import asked, asking, firms, home, look, mattermap, matters, mine, rating, tracking

urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("look/", look.look, name="look"),
    path("ask/<slug:programme>/", asking.ask, name="ask"),
    path("asked/<slug:programme>/", asked.asked, name="asked"),
    path("asked/<slug:programme>/<key:key>/join/", asked.join, name="join"),
    path("sent/<str:code>/", asking.sent, name="sent"),
    path("track/", tracking.track, name="track"),
    path("track/<str:code>/", tracking.tracked, name="tracked"),
    path("rate/<str:token>/", rating.rate, name="rate"),
    path("matters/", matters.matters, name="matters"),
    path("matters/map/", mattermap.matters_map, name="matters-map"),
    path("matters/<key:number>/", matters.matter, name="matter"),
    path("matters/<key:number>/join/", asked.join_matter, name="join-matter"),
    path("matters/<key:number>/pictures/<key:key>.jpg", matters.picture, name="matter-picture"),
    path("my/", mine.mine, name="mine"),
    path("my/<key:key>/", mine.my_case, name="my-case"),
    path("my/firm/<key:key>/", firms.firm_home, name="firm-home"),
    path("my/firm/<key:key>/code.svg", firms.firm_qr, name="firm-qr"),
    path("f/<str:code>/", firms.firm_code, name="firm-code"),
]
