"""Addresses of signing in and out."""

from django.urls import URLPattern, path

from tongban.web.signin import codes, entering, residents, security, staff

urlpatterns: list[URLPattern] = [
    path("sign-in/", residents.phone, name="sign-in"),
    path("sign-in/code/", residents.code, name="sign-in-code"),
    path("sign-in/name/", residents.name, name="sign-in-name"),
    path("sign-in/staff/", staff.password, name="staff-sign-in"),
    path("sign-in/staff/code/", staff.code, name="staff-code"),
    path("sign-in/staff/begin/", staff.begin, name="staff-begin"),
    path("sign-out/", entering.sign_out, name="sign-out"),
    path("security/", security.security, name="security"),
    path("security/paper/", security.paper, name="security-paper"),
    path("demo/codes/", codes.page, name="demo-codes"),
]
