"""A film that a browser has recorded plays in that browser after it was tidied as it did before."""

from __future__ import annotations

import base64

import pytest
from playwright.sync_api import Page

from tongban.core.files import films

pytestmark = pytest.mark.browser
# A second and a half of a square that changes its colour.
RECORD = """async (type) => {
  if (!MediaRecorder.isTypeSupported(type)) return "";
  const canvas = document.createElement("canvas"), draw = canvas.getContext("2d");
  const recorder = new MediaRecorder(canvas.captureStream(25), {mimeType: type}), parts = [];
  recorder.ondataavailable = (event) => parts.push(event.data);
  let n = 0;
  const drawing = setInterval(() => { draw.fillStyle = `rgb(${n++ * 9 % 255}, 80, 120)`; draw.fillRect(0, 0, 300, 150); }, 30);
  recorder.start();
  setTimeout(() => recorder.stop(), 1500);
  await new Promise((done) => { recorder.onstop = done; });
  clearInterval(drawing);
  const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
  return btoa(bytes.reduce((text, byte) => text + String.fromCharCode(byte), ""));
}"""
PLAY = """async (content) => {
  const film = document.createElement("video");
  film.muted = true;
  film.src = "data:video/mp4;base64," + content;
  const ended = new Promise((done, failed) => {
    film.onended = () => done([film.videoWidth, film.videoHeight, film.currentTime]);
    film.onerror = () => failed(new Error(film.error.message));
  });
  await film.play();
  return await ended;
}"""


@pytest.mark.parametrize("codec", ["vp9", "av01.0.01M.08", "avc1.42E01E"])
def test_it_plays_to_its_end(page: Page, codec: str) -> None:
    page.goto("about:blank")
    recorded = page.evaluate(RECORD, f"video/mp4;codecs={codec}")
    if not recorded:
        pytest.skip(f"this browser records no {codec}")
    content = base64.b64decode(recorded)
    tidy = films.tidy(content)
    assert tidy != content, "it had the time of its making"
    assert page.evaluate(PLAY, base64.b64encode(tidy).decode()) == page.evaluate(PLAY, recorded)
