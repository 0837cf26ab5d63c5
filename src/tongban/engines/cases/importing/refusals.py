"""Why a file, a row or an undoing was refused: each sentence says what is wrong and what would put it right."""

from tongban.core.labels import Label
from tongban.core.refusals import declare

declare(
    {
        # The file itself.
        "import.file.missing": Label(
            "没有找到文件“{path}”，请核对路径。", "There is no file “{path}”; please check the path."
        ),
        "import.file.empty": Label(
            "文件里没有内容。请选有表头和数据的表格。",
            "The file holds nothing. Please choose a table with headings and rows.",
        ),
        "import.file.size": Label(
            "文件超过 {most} MiB。请拆成几个文件，分次导入。",
            "The file is larger than {most} MiB. Please split it and import the parts.",
        ),
        "import.file.bomb": Label(
            "文件解开后太大，不像是普通表格，没有读取。请只保留需要的列，另存为 .xlsx 或 CSV 再试。",
            "The file unpacks to far more than an ordinary table, so it was not read. Please keep only the columns"
            " that are needed and save it again as .xlsx or CSV.",
        ),
        "import.file.slow": Label(
            "文件读了太久或占用内存太多，已经停下。请另存为 CSV，或拆成几个文件再试。",
            "Reading the file took too long or too much memory, so it was stopped. Please save it as CSV, or split it.",
        ),
        "import.file.rows": Label(
            "超过 {most} 行。请拆成几个文件，分次导入。",
            "There are more than {most} rows. Please split the file and import the parts.",
        ),
        "import.file.columns": Label(
            "超过 {most} 列。请删去用不到的列再试。",
            "There are more than {most} columns. Please remove those that are not needed.",
        ),
        "import.file.cells": Label(
            "表格范围太大（超过 {most} 个格子）。请把数据复制到一张新表再试。",
            "The sheet spans more than {most} cells. Please copy the data into a new sheet and try again.",
        ),
        "import.file.locked": Label(
            "文件有打开密码。请去掉密码另存一份再上传。",
            "The file is protected by a password. Please save a copy without one.",
        ),
        "import.file.broken": Label(
            "文件已损坏，打不开。请用表格软件打开后另存为 .xlsx 再试。",
            "The file is damaged and cannot be opened. Please open it in a spreadsheet program and save it again as"
            " .xlsx.",
        ),
        "import.file.page": Label(
            "这其实是网页，不是表格（有些系统导出的 .xls 就是这样）。请用 Excel 或 WPS 打开，另存为 .xlsx 再试。",
            "This is a web page, not a table (some systems export such .xls files). Please open it in a spreadsheet"
            " program and save it as .xlsx.",
        ),
        "import.file.kind": Label(
            "只认 .xlsx、.xls 和 CSV 表格。请另存为其中一种再试。",
            "Only .xlsx, .xls and CSV tables are read. Please save it as one of them.",
        ),
        "import.file.signs": Label(
            "文字编码认不出来。请另存为“CSV UTF-8”或 .xlsx 再试。",
            "The text's encoding is not known. Please save it as “CSV UTF-8” or .xlsx.",
        ),
        "import.file.quotes": Label(
            "第 {row} 行前后的引号不成对，读不下去。请改好引号，或另存为 .xlsx 再试。",
            "The quotation marks near row {row} do not match, so the rest cannot be read. Please mend them, or save the"
            " file as .xlsx.",
        ),
        # Headings and mappings.
        "import.headings": Label(
            "没有认出正文或标题这一列。表头有：{headings}。请指明哪一列是正文。",
            "No column was recognised as text or title. The headings are: {headings}. Please say which column is the"
            " text.",
        ),
        "import.column.missing": Label(
            "文件里没有叫“{heading}”的列。表头有：{headings}。",
            "The file has no column “{heading}”. Its headings are: {headings}.",
        ),
        "import.column.twice": Label(
            "“{heading}”这一列选了两次，请各选一列。", "The column “{heading}” was chosen twice; choose each only once."
        ),
        "import.column.field": Label("没有叫“{name}”的内容，可选：{names}。", "No field “{name}”; there are: {names}."),
        "import.mapping.unknown": Label(
            "没有叫“{name}”的列对应。已保存的有：{names}。",
            "There is no saved mapping “{name}”. Saved are: {names}.",
        ),
        "import.mapping.name": Label(
            "请给列对应起个名字，最多 60 个字。", "Please name the mapping, 60 characters at most."
        ),
        "import.source": Label(
            "请写明数据来自哪个系统，最多 40 个字。",
            "Please say which system the data come from, 40 characters at most.",
        ),
        "import.reference": Label(
            "还没有机构和区划数据，先运行 `tongban migrate`。",
            "There are no areas and units yet; run `tongban migrate` first.",
        ),
        "import.programme": Label(
            "没有叫“{name}”的业务，可选：{names}。", "There is no programme “{name}”; there are: {names}."
        ),
        # One row.
        "row.empty": Label(
            "标题和正文都空着。请至少填一项。", "Title and text are both empty. Please fill in one of them."
        ),
        "row.cell.long": Label(
            "一格里有 {length} 个字，最多 {most} 个。请缩短后再导入这一行。",
            "A cell holds {length} characters, at most {most} are taken. Please shorten it and import this row again.",
        ),
        "row.time.form": Label(
            "看不懂时间“{value}”。请写成 2019/4/25 9:32:09 这样的形式，只有日期也可以。",
            "The time “{value}” is not understood. Please write it like 2019/4/25 9:32:09; a date alone will do.",
        ),
        "row.time.range": Label(
            "时间“{value}”不在 1990 年到今天之间，请核对。",
            "The time “{value}” is not between 1990 and today. Please check it.",
        ),
        "row.id.long": Label(
            "编号最多 80 个字，这里有 {length} 个。", "A number has at most 80 characters, this has {length}."
        ),
        "row.phone": Label(
            "手机号不是 11 位号码（或打了星号），联系人没有记入。",
            "The phone number is not one of 11 digits (or has stars in it), so the contact was not recorded.",
        ),
        "row.failed": Label(
            "这一行没有写进去，原因不明。请再导入一次；若还不行，请联系管理员。",
            "This row could not be written, for an unknown reason. Please import it again, or ask the administrator.",
        ),
        # Remarks on rows that were taken all the same.
        "row.reply.early": Label(
            "答复时间早于来件时间，这一行照常导入，答复时间记为不详。请核对原表。",
            "The reply is dated before the request. The row was imported with the reply's time unknown; please check"
            " the original.",
        ),
        "row.reply.timed": Label(
            "有答复时间但没有答复内容，答复时间没有记入。",
            "There is a time of reply but no reply, so it was not recorded.",
        ),
        "row.area": Label(
            "没有找到“{value}”这个镇街或村社区，先记在全县名下。",
            "No town or village is called “{value}”; the request is filed under the county.",
        ),
        "row.category": Label(
            "没有叫“{value}”的类别，类别先空着，由受理岗补。",
            "There is no category “{value}”; it is left empty for the desk to fill in.",
        ),
        "row.differs": Label(
            "这个编号以前导入过，但{what}和原来不一样。原来的没有动；若要更正，请到那一件里办。",
            "This number was imported before, and its {what} is different now. Nothing was changed; to correct it, open"
            " that case.",
        ),
        "row.twice": Label(
            "与第 {first} 行编号相同，内容也一样，只算一件。",
            "It has the same number as row {first} and says the same: they are one request.",
        ),
        "row.twice.differs": Label(
            "与第 {first} 行编号相同，但{what}不一样。只取了第 {first} 行；如果是另一件，请改编号再导入这一行。",
            "It has the same number as row {first}, but its {what} is different. Only row {first} was taken; if this is"
            " another request, give it a number of its own and import it again.",
        ),
        "row.sheets": Label(
            "只读了工作表“{name}”，还有内容的是：{others}。需要的话请分别另存后导入。",
            "Only the sheet “{name}” was read. These hold something too: {others}. Save them apart to import them.",
        ),
        # Undoing.
        "undo.done": Label("这一批已经撤销过了。", "This import has been undone already."),
        "undo.running": Label(
            "这一批还在导入，请等它完成再撤销。", "This import is still running; please wait until it has finished."
        ),
        "undo.acted": Label(
            "不能撤销：这一批里有 {count} 件导入后已有人办理：{cases}。请先处理好这些件。",
            "It cannot be undone: {count} of its cases were acted on since: {cases}. Please deal with these first.",
        ),
        "undo.unknown": Label("没有这一批，或者您不能查看它。", "There is no such import, or it is not yours to see."),
    }
)
