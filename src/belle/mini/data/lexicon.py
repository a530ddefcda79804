"""The little world that all mini data is about: people, places, things and what is true of them."""

from typing import NamedTuple


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


PEOPLE = _words("小明 小红 小刚 小丽 小华 小芳 小强 小美 小军 小兰 李雷 王芳 张伟 刘洋 陈静 赵敏")
ENGLISH_PEOPLE = _words("Tom Anna Lucy Jack Mary Peter")
CITIES = _words("北京 上海 广州 南京 杭州 成都 武汉 西安 天津 重庆 苏州 青岛")
SHOPS = _words("超市 市场 商店 商场 夜市 路边")
TIMES = _words("昨天 今天早上 上星期 星期一 星期三 星期五 上个月 前天 昨天晚上 今天中午")
FESTIVALS = _words("春节 元旦 中秋节 国庆节 端午节 生日 教师节 儿童节 圣诞节 元宵节")
JOBS = _words("医生 老师 司机 警察 厨师 农民 护士 工人 演员 记者 画家 歌手")
HOBBIES = _words("跑步 游泳 唱歌 画画 读书 下棋 爬山 跳舞 钓鱼 打篮球 踢足球 听音乐")
COUNTS = _words("两 三 四 五 六 七 八 九 十")
COLORS = {"红色": "red", "黄色": "yellow", "蓝色": "blue", "绿色": "green", "白色": "white", "黑色": "black"}


class Thing(NamedTuple):
    """A thing one can see or buy: its Chinese and English name, its kind and its measure word."""

    name: str
    english: str
    kind: str
    measure: str


_THINGS = {
    "水果": "苹果 apple 个,香蕉 banana 根,梨 pear 个,桃子 peach 个,西瓜 watermelon 个,橙子 orange 个,"
    "草莓 strawberry 颗,柠檬 lemon 个,樱桃 cherry 颗,芒果 mango 个",
    "动物": "狗 dog 只,猫 cat 只,马 horse 匹,牛 cow 头,羊 sheep 只,猪 pig 头,鸭子 duck 只,兔子 rabbit 只,"
    "老虎 tiger 只,狮子 lion 头,大象 elephant 头,猴子 monkey 只,熊猫 panda 只,鱼 fish 条,鸟 bird 只",
    "蔬菜": "萝卜 radish 根,土豆 potato 个,西红柿 tomato 个,黄瓜 cucumber 根,茄子 eggplant 个,洋葱 onion 个,"
    "南瓜 pumpkin 个",
    "交通工具": "汽车 car 辆,火车 train 列,飞机 plane 架,轮船 ship 艘,自行车 bicycle 辆,卡车 truck 辆",
    "家具": "桌子 table 张,椅子 chair 把,床 bed 张,沙发 sofa 张,衣柜 wardrobe 个",
    "衣物": "衬衫 shirt 件,裙子 skirt 条,帽子 hat 顶,外套 coat 件,毛衣 sweater 件,围巾 scarf 条",
    "文具": "铅笔 pencil 支,钢笔 pen 支,尺子 ruler 把,橡皮 eraser 块,本子 notebook 个",
    "乐器": "钢琴 piano 架,小提琴 violin 把,吉他 guitar 把,笛子 flute 支",
}
KIND_ENGLISH = {
    "水果": "fruit",
    "动物": "animal",
    "蔬菜": "vegetable",
    "交通工具": "vehicle",
    "家具": "furniture",
    "衣物": "clothing",
    "文具": "stationery",
    "乐器": "instrument",
}
THINGS = tuple(
    Thing(name, english, kind, measure)
    for kind, entries in _THINGS.items()
    for name, english, measure in (entry.split() for entry in entries.split(","))
)
GOODS = tuple(thing for thing in THINGS if thing.kind in ("水果", "蔬菜", "衣物", "文具"))
"""What one buys in a shop."""

OPPOSITES = _words(
    "大小 多少 高低 长短 快慢 冷热 新旧 好坏 早晚 轻重 远近 黑白 上下 左右 前后 胖瘦 软硬 强弱 深浅 宽窄 厚薄"
)

PRAISE = _words("非常好 很不错 太棒了 让人满意 让人喜欢 值得推荐 令人难忘 好极了")
BLAME = _words("非常差 很糟糕 太差了 让人失望 让人讨厌 毫无意思 令人生气 糟透了")
OPINION_SUBJECTS = _words("这家餐厅 这本书 这部电影 这件衣服 这个地方 这次旅行 这道菜 这家商店 这堂课 这首歌")

TOPICS = {
    "公园": "散步、跑步、放风筝",
    "图书馆": "看书、借书、写作业",
    "海边": "游泳、晒太阳、捡贝壳",
    "学校": "上课、读书、交朋友",
    "超市": "买菜、买水果、买牛奶",
    "动物园": "看老虎、看大象、看猴子",
    "餐厅": "吃饭、喝茶、聊天",
    "操场": "踢足球、打篮球、跑步",
    "山上": "爬山、看风景、照相",
    "体育馆": "打篮球、打羽毛球、看比赛",
    "河边": "钓鱼、散步、看风景",
    "教室": "上课、写作业、听讲",
    "机场": "坐飞机、接朋友、等人",
    "花园": "种花、浇水、赏花",
    "博物馆": "看展览、听讲、照相",
    "农村": "种菜、养鸡、摘水果",
}
"""What one can do at a place: three things, the same in every text."""

GOALS = {
    "保护环境": "节约用水、垃圾分类、少开车",
    "保持健康": "早睡早起、多运动、多喝水",
    "学好英语": "背单词、多听、多说",
    "节约用电": "随手关灯、少开空调、用节能灯",
    "交到朋友": "主动问好、帮助别人、一起玩",
    "减轻压力": "听音乐、散步、睡觉",
    "保护眼睛": "少看手机、多看远方、按时休息",
    "学会做饭": "买菜、看菜谱、多练习",
    "提高成绩": "认真听讲、按时复习、多做题",
    "节省时间": "列计划、早起床、少看手机",
    "准备旅行": "买车票、订酒店、收拾行李",
    "照顾小狗": "喂食、洗澡、散步",
    "预防感冒": "多穿衣服、多喝水、勤洗手",
    "写好作文": "多读书、多观察、多练习",
    "庆祝生日": "买蛋糕、唱歌、送礼物",
    "打扫房间": "扫地、擦桌子、倒垃圾",
}
"""How to reach an aim: three ways, the same in every text."""
