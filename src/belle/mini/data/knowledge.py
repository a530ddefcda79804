"""Facts that can be asked: relations between two words, how they are asked about and how they are told."""

from dataclasses import dataclass

from belle.mini.data.lexicon import OPPOSITES, THINGS


@dataclass(frozen=True)
class Relation:
    """Pairs x → y; `questions` hold `{x}`, `statements` hold `{x}` and `{y}`."""

    pairs: dict[str, str]
    questions: tuple[str, ...]
    statements: tuple[str, ...]
    language: str = "zh"


def _pairs(text: str) -> dict[str, str]:
    return dict(pair.split(" ") for pair in text.split(","))


CAPITALS = _pairs(
    "中国 北京,日本 东京,法国 巴黎,英国 伦敦,德国 柏林,俄罗斯 莫斯科,美国 华盛顿,韩国 首尔,泰国 曼谷,意大利 罗马,"
    "西班牙 马德里,埃及 开罗,越南 河内,希腊 雅典,古巴 哈瓦那,挪威 奥斯陆"
)
PROVINCES = _pairs(
    "广东 广州,浙江 杭州,江苏 南京,四川 成都,湖北 武汉,湖南 长沙,陕西 西安,山东 济南,山西 太原,河南 郑州,福建 福州,"
    "云南 昆明,辽宁 沈阳,安徽 合肥,江西 南昌,海南 海口"
)
COLOR_OF = _pairs(
    "天空 蓝色,草地 绿色,雪 白色,煤 黑色,太阳 红色,香蕉 黄色,苹果 红色,黄瓜 绿色,柠檬 黄色,草莓 红色,大海 蓝色,"
    "牛奶 白色,樱桃 红色,墨水 黑色,树叶 绿色,玉米 黄色"
)
WORKPLACES = _pairs(
    "医生 医院,老师 学校,厨师 餐厅,农民 农田,工人 工厂,护士 医院,演员 剧院,法官 法院,店员 商店,"
    "飞行员 机场,军人 军营,船长 船上"
)
FOODS = _pairs("猫 鱼,牛 草,熊猫 竹子,猴子 香蕉,狗 骨头,老虎 肉,兔子 萝卜,羊 草,狮子 肉,鸟 虫子,马 草,松鼠 松果")
OPPOSITE_OF = {a: b for pair in OPPOSITES for a, b in (tuple(pair), tuple(pair[::-1]))}
MEASURES = {thing.name: thing.measure for thing in THINGS if thing.measure != "个"}

RELATIONS = {
    "capital": Relation(
        CAPITALS,
        (
            "{x}的首都是哪里？",
            "{x}的首都是哪座城市？",
            "哪座城市是{x}的首都？",
            "请问{x}的首都在哪里？",
            "你知道{x}的首都叫什么吗？",
            "说出{x}的首都。",
        ),
        ("{x}的首都是{y}。", "{y}是{x}的首都。", "到{x}旅行，可以去首都{y}。"),
    ),
    "province": Relation(
        PROVINCES,
        (
            "{x}省的省会是哪里？",
            "{x}省的省会是哪座城市？",
            "哪座城市是{x}省的省会？",
            "请问{x}省的省会在哪里？",
            "你知道{x}省的省会叫什么吗？",
            "说出{x}省的省会。",
        ),
        ("{x}省的省会是{y}。", "{y}是{x}省的省会。", "{x}省的省会在{y}。"),
    ),
    "color": Relation(
        COLOR_OF,
        (
            "{x}是什么颜色的？",
            "{x}一般是什么颜色？",
            "请问{x}的颜色是什么？",
            "说出{x}常见的颜色。",
            "你知道{x}是什么颜色吗？",
            "{x}通常是哪种颜色？",
        ),
        ("{x}是{y}的。", "{x}的颜色是{y}。", "我看见了{y}的{x}。"),
    ),
    "workplace": Relation(
        WORKPLACES,
        (
            "{x}在哪里工作？",
            "{x}一般在什么地方工作？",
            "请问{x}工作的地方是哪里？",
            "说出{x}工作的地方。",
            "你知道{x}在哪里上班吗？",
            "{x}每天去哪里上班？",
        ),
        ("{x}在{y}工作。", "{x}每天去{y}上班。", "{y}里有{x}。"),
    ),
    "food": Relation(
        FOODS,
        (
            "{x}喜欢吃什么？",
            "{x}最爱吃什么？",
            "请问{x}的食物是什么？",
            "说出{x}爱吃的东西。",
            "你知道{x}吃什么吗？",
            "给{x}喂什么吃？",
        ),
        ("{x}喜欢吃{y}。", "{x}最爱吃{y}。", "{x}的食物是{y}。"),
    ),
    "opposite": Relation(
        OPPOSITE_OF,
        (
            "“{x}”的反义词是什么？",
            "请写出“{x}”的反义词。",
            "和“{x}”意思相反的字是什么？",
            "“{x}”反过来怎么说？",
            "说出“{x}”的反义词。",
            "哪个字和“{x}”的意思相反？",
        ),
        ("“{x}”的反义词是“{y}”。", "“{x}”和“{y}”意思相反。", "不是“{x}”，就是“{y}”。"),
    ),
    "measure": Relation(
        MEASURES,
        (
            "{x}用什么量词？",
            "“一（）{x}”，括号里填什么量词？",
            "说{x}的时候，“一”后面用哪个量词？",
            "请写出{x}的量词。",
            "数{x}时用什么量词？",
            "{x}的量词是什么？",
        ),
        ("我看见一{y}{x}。", "这里有一{y}{x}。", "{x}的量词是“{y}”。"),
    ),
}
