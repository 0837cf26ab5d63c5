"""What an audit may find: a code with parameters, and its sentence in both languages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tongban.core.labels import Label

_SENTENCES = {
    "entry.changed": Label(
        "记录 {entry} 被改动过：{kind} {key} 的第 {number} 步（{name}），内容与指纹不符。",
        "Entry {entry} was changed: step {number} of {kind} {key} ({name}) does not fit its hash.",
    ),
    "entry.unreadable": Label(
        "记录 {entry} 读不出来：{kind} {key} 的第 {number} 步。",
        "Entry {entry} cannot be read: step {number} of {kind} {key}.",
    ),
    "chain.gap": Label(
        "{kind} {key} 少了第 {first} 到 {last} 步的记录。",
        "{kind} {key}: the entries of steps {first} to {last} are missing.",
    ),
    "row.changed": Label(
        "{model} {row} 的“{column}”与记录不符（最后一次见记录 {entry}）。",
        "{model} {row}: “{column}” is not what the ledger says (last in entry {entry}).",
    ),
    "row.missing": Label(
        "{model} {row} 不见了，记录 {entry} 里有它。", "{model} {row} is missing; entry {entry} tells of it."
    ),
    "row.unrecorded": Label("{model} {row} 没有任何记录。", "{model} {row} has no entry at all."),
    "row.version": Label(
        "{model} {row} 记着 {version} 步，账上有 {number} 步。",
        "{model} {row} counts {version} steps; the ledger has {number}.",
    ),
    "row.key": Label(
        "{model} {row} 的“{column}”打不开：{kind} {key} 的密钥换过了。",
        "{model} {row}: “{column}” cannot be opened; the key of {kind} {key} is not the one that closed it.",
    ),
    "key.gone": Label(
        "{kind} {key} 的密钥没有了，账上却没有注销：它的个人内容无法核对。",
        "The key of {kind} {key} is gone, though no entry tells of an erasure: what is personal there cannot be checked.",
    ),
    "row.forgotten": Label(
        "{model} {row} 的“{column}”应已随 {kind} {key} 的密钥注销，现在却有内容。",
        "{model} {row}: “{column}” was forgotten with the key of {kind} {key}, yet it says something.",
    ),
    "seal.root": Label(
        "{day} 的封存不符：记录 {first} 到 {last} 中有一条被改、被删或被加（应有 {entries} 条，现有 {found} 条）。",
        "The seal of {day} does not fit: an entry from {first} to {last} was changed, removed or added"
        " (sealed {entries}, found {found}).",
    ),
    "seal.range": Label(
        "{day} 的封存从记录 {first} 开始，前一份封到 {before} 为止，接不上。",
        "The seal of {day} begins at entry {first}, the one before ends at {before}: they do not join.",
    ),
    "seal.missing": Label(
        "库外保存的 {day} 的封存，库里没有。", "The seal of {day}, kept outside, is not in the database."
    ),
    "seal.differs": Label(
        "{day} 的封存与库外保存的不同（{column}）。",
        "The seal of {day} differs from the copy kept outside ({column}).",
    ),
    "file.missing": Label(
        "{model} {row} 的文件 {file} 不见了（{kind} {key}）。",
        "The file {file} of {model} {row} is missing ({kind} {key}).",
    ),
    "file.changed": Label(
        "{model} {row} 的文件 {file} 被改动过，与登记的指纹不符（{kind} {key}）。",
        "The file {file} of {model} {row} was changed: it does not fit the hash that was recorded ({kind} {key}).",
    ),
    "derived.differs": Label(
        "{name}：{kind} {key} 的派生数据与原数据不符。",
        "{name}: what is derived from {kind} {key} is not what it should be.",
    ),
    "derived.stray": Label(
        "{name}：有 {count} 条派生数据找不到原数据。", "{name}: {count} derived rows belong to nothing."
    ),
}


@dataclass(frozen=True)
class Fault:
    """One thing that is not as the ledger says."""

    code: str
    params: dict[str, Any] = field(default_factory=dict)

    def sentence(self, language: str) -> str:
        """What is wrong, and where."""
        return _SENTENCES[self.code].text(language, **self.params)


def fault(code: str, **params: Any) -> Fault:
    """A fault by its code."""
    return Fault(code, params)
