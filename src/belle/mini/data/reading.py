"""Samples about a given text: extraction, closed questions, summaries, rewriting, classification."""

from random import Random

from belle.mini.data.knowledge import OPPOSITE_OF
from belle.mini.data.lexicon import (
    BLAME,
    CITIES,
    ENGLISH_PEOPLE,
    GOODS,
    HOBBIES,
    JOBS,
    KIND_ENGLISH,
    OPINION_SUBJECTS,
    PEOPLE,
    PRAISE,
    SHOPS,
    THINGS,
    TIMES,
    TOPICS,
)
from belle.mini.data.math_code_translation import counted, with_article
from belle.mini.data.sample import Sample, one_of


def extract_event(random: Random) -> Sample:
    """Who, where, when or what in one sentence."""
    who, where, when = random.choice(PEOPLE), random.choice(CITIES + SHOPS), random.choice(TIMES)
    thing = random.choice(GOODS)
    sentence = f"{when}{who}在{where}买了{counted(random, thing)}。"
    asked, answer = random.choice([("人名", who), ("地点", where), ("时间", when), ("物品", thing.name)])
    text = one_of(
        random,
        f"从下面的句子中提取{asked}：{sentence}",
        f"找出句子里的{asked}：{sentence}",
        f"{sentence}请提取这句话中的{asked}。",
    )
    return Sample(text, answer)


def extract_number(random: Random) -> Sample:
    """A telephone number or an age."""
    who, city = random.choice(PEOPLE), random.choice(CITIES)
    number, age = "".join(random.choices("0123456789", k=5)), random.randint(10, 80)
    sentence = f"{who}今年{age}岁，住在{city}，电话是{number}。"
    asked, answer = random.choice([("电话号码", number), ("年龄", f"{age}岁"), ("城市", city), ("人名", who)])
    return Sample(f"{one_of(random, '提取', '找出')}下文中的{asked}：{sentence}", answer)


def who_has(random: Random) -> Sample:
    """Which of two people has, wants or sees something."""
    if random.random() < 0.15:
        return _who_has_in_english(random)
    (one, two), (a, b) = random.sample(PEOPLE, 2), random.sample(THINGS, 2)
    verb = one_of(random, "有", "想要", "看见")
    told = f"{one}{verb}一{a.measure}{a.name}，{two}{verb}一{b.measure}{b.name}。"
    who, what = random.choice([(one, a), (two, b)])
    if random.random() < 0.5:
        return Sample(f"{told}谁{verb}{what.name}？", who)
    return Sample(f"{told}{who}{verb}什么？", what.name)


def _who_has_in_english(random: Random) -> Sample:
    (one, two), (a, b) = random.sample(ENGLISH_PEOPLE, 2), random.sample(THINGS, 2)
    told = f"{one} has {with_article(a)}. {two} has {with_article(b)}."
    who, what = random.choice([(one, a), (two, b)])
    return Sample(f"{told} Who has the {what.english}?", who, "en")


def where_lives(random: Random) -> Sample:
    """Where two people live or what they work as."""
    one, two = random.sample(PEOPLE, 2)
    if random.random() < 0.5:
        (a, b), verb, ask = random.sample(CITIES, 2), "住在", "哪里"
    else:
        (a, b), verb, ask = random.sample(JOBS, 2), "是", "做什么的"
    who, what = random.choice([(one, a), (two, b)])
    told = f"{one}{verb}{a}，{two}{verb}{b}。"
    if random.random() < 0.5:
        return Sample(f"阅读短文回答问题。{told}问题：谁{verb}{what}？", who)
    return Sample(f"阅读短文回答问题。{told}问题：{who}{verb}{ask}？", what)


def summarize_outing(random: Random) -> Sample:
    """The point of a little story."""
    who, when, place = random.choice(PEOPLE), random.choice(TIMES), random.choice(tuple(TOPICS))
    deed = random.choice(TOPICS[place].split("、"))
    told = one_of(
        random,
        f"{when}天气很好，{who}一个人去了{place}，在那里{deed}，晚上才回家。",
        f"{who}{when}没有事情做，就去了{place}，在那里{deed}，玩得很开心。",
        f"{when}，{who}早早起床，吃了早饭，然后到{place}{deed}。",
    )
    text = one_of(random, f"用一句话概括：{told}", f"请总结下面这段话：{told}", f"写出下文的主要内容：{told}")
    return Sample(text, f"{who}去{place}{deed}。")


def summarize_person(random: Random) -> Sample:
    """A person in one sentence."""
    who, city, job, hobby = (random.choice(words) for words in (PEOPLE, CITIES, JOBS, HOBBIES))
    told = f"{who}出生在{city}，从小喜欢{hobby}，长大以后当了{job}，每天工作都很认真。"
    text = one_of(random, f"用一句话概括：{told}", f"请总结下面这段话：{told}")
    return Sample(text, f"{who}是一名喜欢{hobby}的{job}。")


def rewrite_voice(random: Random) -> Sample:
    """Turn a sentence into a passive, a question, a negative or a polite one."""
    who, thing = random.choice(PEOPLE), random.choice(GOODS)
    verb = one_of(random, "买走", "拿走", "弄丢", "找到", "卖掉")
    hobby = random.choice(HOBBIES)
    return random.choice(
        [
            Sample(f"改写成被动句：{who}{verb}了{thing.name}。", f"{thing.name}被{who}{verb}了。"),
            Sample(f"改写成“把”字句：{who}{verb}了{thing.name}。", f"{who}把{thing.name}{verb}了。"),
            Sample(f"把这句话改成疑问句：{who}喜欢{hobby}。", f"{who}喜欢{hobby}吗？"),
            Sample(f"把这句话改成否定句：{who}喜欢{hobby}。", f"{who}不喜欢{hobby}。"),
        ]
    )


def rewrite_words(random: Random) -> Sample:
    """Swap a person or turn an adjective into its opposite."""
    (one, two), thing = random.sample(PEOPLE, 2), random.choice(THINGS)
    if random.random() < 0.5:
        sentence = f"{one}{one_of(random, '有', '想要')}一{thing.measure}{thing.name}。"
        return Sample(f"把句子里的{one}换成{two}：{sentence}", sentence.replace(one, two))
    word = random.choice("大小新旧好坏轻重")
    return Sample(
        f"把“{word}”换成反义词，改写句子：这{thing.measure}{thing.name}很{word}。",
        f"这{thing.measure}{thing.name}很{OPPOSITE_OF[word]}。",
    )


def classify_kind(random: Random) -> Sample:
    """What kind of thing a word names, out of three."""
    thing = random.choice(THINGS)
    others = random.sample([kind for kind in KIND_ENGLISH if kind != thing.kind], 2)
    kinds = random.sample([thing.kind, *others], 3)
    if random.random() < 0.15:
        a, b, c = (KIND_ENGLISH[kind] for kind in kinds)
        text = f"What kind of thing is {with_article(thing)}: {a}, {b} or {c}?"
        return Sample(text, KIND_ENGLISH[thing.kind], "en")
    listed = "、".join(kinds)
    text = one_of(
        random,
        f"“{thing.name}”属于哪一类？{listed}",
        f"判断词语的类别（{listed}）：{thing.name}",
        f"从{listed}中选出“{thing.name}”的类别。",
    )
    return Sample(text, thing.kind)


def classify_opinion(random: Random) -> Sample:
    """Whether an opinion is favorable."""
    (one, other), good = random.sample(OPINION_SUBJECTS, 2), random.random() < 0.5
    words = PRAISE if good else BLAME
    opinion = one_of(random, f"{one}{random.choice(words)}。", f"{one}和{other}都{random.choice(words)}。")
    text = one_of(
        random,
        f"判断情感是正面还是负面：{opinion}",
        f"这条评论是正面的还是负面的？{opinion}",
        f"情感分类（正面、负面）：{opinion}",
    )
    return Sample(text, "正面" if good else "负面")
