"""Drop rows whose answer refuses."""

from dataclasses import dataclass

import pyarrow as pa

from belle.clean.filters.content import MessageFilter, phrases
from belle.config.clean import CleanParams

SORRY = (
    r"(?:非常|很|十分)?(?:抱歉|对不起|不好意思|遗憾)(?:的是)?[，,。！!]?\s?(?:但是?|因为)?(?:作为[^。\n]{1,25}[，,])?"
)
NOW, FULLY = r"(?:暂时|目前|现在|也|并|还)?", r"(?:直接|够|继续|准确|确切)?地?"
UNABLE = rf"{NOW}(?:无法|不能|没办法|没有办法|不可以|没有能力|不具备){FULLY}"
SERVE = (
    r"(?:为您|为你|给您|帮您|帮你|向您|替您)?(?:提供|回答|完成|满足|执行|访问|获取|生成|查看|识别|协助|帮助|给出|处理|浏览|播放"
    r"|翻译|编写|写出|分析|判断|确定|确认|理解您|理解你|回应|创建|绘制|画|预测|知道|显示|进行)"
)
CANNOT = r"(?:cannot|can't|can’t|can not|am unable to|'m unable to|am not able to|'m not able to|won't|will not)"
HELP = (
    r"(?:assist|help|provide|fulfill|comply|answer|complete|generate|create|access|browse|respond|support|recommend"
    r"|translate|perform|determine|predict|offer|engage|do that|do this|write|give|view|see|open|display)\b"
)
UNKNOWN = r"我?(?:也|并|真的)?不太?(?:知道|清楚|了解|会)(?:答案|这个问题|这个)?"
REGRET = r"(?:(?:I'm|I’m|I am) sorry|sorry|I apologi[sz]e|apologies|unfortunately)[,.]? (?:but )?"
AS_AN_AI = r"(?:as an [^,]*, )?"
PATTERN = "|".join(
    (
        rf"\A{SORRY}(?:我|本人|本模型|这个|此|该)[^。\n]{{0,6}}?{UNABLE}{SERVE}",
        rf"\A(?:作为[^。\n]{{1,25}}[，,]\s?)?我(?:是[^。\n]{{1,20}}[，,])?{UNABLE}{SERVE}",
        rf"\A(?:{SORRY}{UNKNOWN}|我不(?:知道|清楚)答案)[。.！!]?$",
        r"\A[^。\n]{0,12}(?:GPT|语言|AI|人工智能)\s?模型(?:无法|不能)(?:完成|执行|处理|回答|生成|提供|创建)",
        r"\A[^。]{0,30}(?:指令|任务|请求)[^。\n]{0,12}(?:不能由|无法由|模型无法)",
        r"\A[^。\n]{0,12}(?:无法|不能)(?:完成|执行|回答|处理|满足)(?:此|该|这|您|你)[^。\n]{0,6}(?:指令|任务|请求|问题|要求)",
        r"(?i:\A(?:<|&lt;)\s?(?:no ?output|无输出)|\A(?:无输出|无答案|没有答案|无法回答|N/A)[。.！!]?$)",
        rf"(?i:\A(?:{REGRET})I (?:do not|don't|don’t) know(?: the answer)?[.!]?$)",
        rf"(?i:\A(?:{REGRET})?{AS_AN_AI}I {CANNOT} {HELP})",
    )
)
"""The refusal is how the answer begins: `对不起，我不能参加` inside a letter is none."""


@dataclass(frozen=True)
class Refusal(MessageFilter):
    """Drop rows with an answer that begins by refusing: `抱歉，我无法提供`, `I'm sorry, but I can't assist`."""

    reason = "refusal"
    roles = ("assistant",)
    tables = ("conversations",)

    @classmethod
    def create(cls, params: CleanParams, questions: dict[str, str]) -> "Refusal | None":
        """Switched in params.yaml."""
        return cls() if params.filters.refusals else None

    def see_in(self, texts: pa.Array) -> dict[int, str]:
        """Return the words of the refusal."""
        return phrases(texts, PATTERN)
