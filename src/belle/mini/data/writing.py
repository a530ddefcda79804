"""Samples answered from what one knows: open questions, brainstorming, generation to a pattern."""

from random import Random

from belle.mini.data.knowledge import RELATIONS
from belle.mini.data.lexicon import CITIES, FESTIVALS, GOALS, JOBS, PEOPLE, THINGS, TOPICS
from belle.mini.data.sample import Sample, one_of


def fact(random: Random) -> Sample:
    """A fact of the little world, in one of its phrasings."""
    relation = RELATIONS[random.choice(tuple(RELATIONS))]
    x = random.choice(tuple(relation.pairs))
    return Sample(random.choice(relation.questions).format(x=x), relation.pairs[x], relation.language)


def activities(random: Random) -> Sample:
    """Three things to do at a place."""
    place = random.choice(tuple(TOPICS))
    text = one_of(
        random,
        f"列举三件可以在{place}做的事。",
        f"在{place}可以做什么？说三件。",
        f"请想出三个适合在{place}做的活动。",
        f"去{place}能做哪三件事？",
        f"说说在{place}做的三件事。",
        f"围绕“{place}”想三个活动。",
        f"周末去{place}，给出三个活动建议。",
        f"人们常在{place}做哪三件事？",
        f"写出三种在{place}进行的活动。",
        f"我要去{place}，可以做哪三件事？",
    )
    return Sample(text, TOPICS[place])


def advice(random: Random) -> Sample:
    """Three ways to reach an aim."""
    goal = random.choice(tuple(GOALS))
    text = one_of(
        random,
        f"怎样{goal}？给出三个建议。",
        f"列举三个{goal}的方法。",
        f"想出三种办法来{goal}。",
        f"为了{goal}，可以做哪三件事？",
        f"请就“{goal}”提三条建议。",
        f"{goal}有哪三个好办法？",
        f"我想{goal}，应该做哪三件事？",
        f"说说{goal}的三个办法。",
        f"如何{goal}？说三点。",
        f"围绕“{goal}”想三个点子。",
    )
    return Sample(text, GOALS[goal])


def greeting(random: Random) -> Sample:
    """A wish to someone."""
    who, festival = random.choice(PEOPLE), random.choice(FESTIVALS)
    text = one_of(
        random,
        f"给{who}写一句{festival}祝福。",
        f"写一句话，祝{who}{festival}快乐。",
        f"{festival}到了，请写一句祝福送给{who}。",
    )
    return Sample(text, f"{who}，祝你{festival}快乐！")


def notice(random: Random) -> Sample:
    """An announcement."""
    when, place = one_of(random, "明天", "后天", "星期六", "星期日"), random.choice(tuple(TOPICS))
    deed = random.choice(TOPICS[place].split("、"))
    text = one_of(random, f"写一则通知：{when}在{place}{deed}。", f"请通知大家{when}去{place}{deed}。")
    return Sample(text, f"通知：请大家{when}到{place}{deed}。")


def introduction(random: Random) -> Sample:
    """Introducing oneself."""
    who, city, job = random.choice(PEOPLE), random.choice(CITIES), random.choice(JOBS)
    text = one_of(random, f"替{city}的{job}{who}写一句自我介绍。", f"{who}是{city}的{job}，请代写一句自我介绍。")
    return Sample(text, f"大家好，我叫{who}，来自{city}，是一名{job}。")


def sentence_with(random: Random) -> Sample:
    """A sentence that uses two words."""
    a, b = random.sample(THINGS, 2)
    text = one_of(random, f"用“{a.name}”和“{b.name}”造句。", f"写一句话，用上“{a.name}”和“{b.name}”。")
    return Sample(text, f"我看见一{a.measure}{a.name}和一{b.measure}{b.name}。")
