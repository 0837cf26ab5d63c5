"""Addresses of the shared pages, room by room."""

from django.urls import include, path, register_converter

from tongban.web.converters import KeyConverter

register_converter(KeyConverter, "key")
app_name = "web"
urlpatterns = [
    path("", include("tongban.web.public.urls")),
    path("", include("tongban.web.signin.urls")),
    path("desk/", include("tongban.web.manage.desk_urls")),
    path("desk/", include("tongban.web.staff.urls")),
    path("desk/", include("tongban.web.liaison.urls")),
    path("manage/", include("tongban.web.manage.urls")),
    path("import/", include("tongban.web.imports.urls")),
    path("files/", include("tongban.web.files.urls")),
    path("notices/", include("tongban.web.notices.urls")),
    path("tokens/", include("tongban.web.tokens.urls")),
]
