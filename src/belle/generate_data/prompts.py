"""What a language model is asked to write. The words are this project's; the order of parts is Self-Instruct's.

Wang et al. 2023, "Self-Instruct", and Stanford Alpaca: a header with requirements, some seed tasks as numbered
examples, and the beginning of the next one.
"""

import random
from collections import Counter
from collections.abc import Iterator, Sequence

from belle.config.generation import Generation
from belle.endpoints.request import Request
from belle.generate_data.seeds import SeedTask

SEPARATOR = "###"
NO_INPUT = "<无输入>"

TASKS = """\
请编写 {count} 个新任务，用来训练一个中文助手。助手只能读写文字。要求：
1. 每个任务有“指令”“输入”“输出”三部分，格式与后面的例子相同，任务之间用 ### 隔开。
2. 各条指令使用不同的动词和句式，有的是提问，有的是要求。
3. 种类尽量丰富：头脑风暴、开放问答、根据材料回答、改写、提取、写作、分类、摘要、翻译、数学、编程、聊天都可以有。
4. 不要写助手做不到的事，例如看图、听录音、播放视频、打开网页、设置闹钟。
5. 指令用中文写，一到两句话，不提助手和模型。
6. “输入”是完成指令所需的具体材料，要真实、完整，不用占位的词；指令已经足够时写“{no_input}”。
7. “输出”是对指令正确而完整的回答。

前 {shown} 个任务是例子，请从第 {first} 个写到第 {last} 个。
"""

DIALOGUE = """\
下面是一位用户对中文助手说的第一句话。请写出他们接下来的对话。
1. 用户一共说 {turns} 次话，第一次就是下面这句；用户每次说完，助手都回答一次。
2. 每次说话另起一行，以“用户：”或“助手：”开头。从助手对第一句话的回答写起，到助手的最后一次回答为止。
3. 用户接着上文追问、补充条件、举例或者质疑，不客套，不重复已经问过的话。
4. 助手的回答准确、完整、有条理，不提自己是助手或模型。
5. 除了对话，什么都不写。

用户：{question}
"""


def task_requests(generation: Generation, seed_tasks: Sequence[SeedTask]) -> list[Request]:
    """Return the requests for new tasks; which seed tasks one shows depends on the seed and its number alone."""
    params, prompts = generation.params, list[str]()
    for number in range(params.requests):
        shown = random.Random(f"{generation.seed} {number}").sample(seed_tasks, params.demonstrations)
        prompts.append(task_prompt(shown, params.tasks_per_request))
    return list(_requests(generation, prompts))


def dialogue_requests(generation: Generation, questions: Sequence[str]) -> tuple[list[str], list[Request]]:
    """Return what each dialogue begins with and the request for it; too few questions are used again."""
    turns, count = generation.params.dialogue_turns, generation.params.dialogues
    openings = [questions[number % len(questions)] for number in range(count)]
    prompts = [DIALOGUE.format(turns=turns, question=opening) for opening in openings]
    return openings, list(_requests(generation, prompts))


def task_prompt(shown: Sequence[SeedTask], count: int) -> str:
    """Return the prompt that shows some seed tasks and asks for `count` new ones."""
    first = len(shown) + 1
    header = TASKS.format(count=count, no_input=NO_INPUT, shown=len(shown), first=first, last=first + count - 1)
    blocks = [header, *(_example(number, task) for number, task in enumerate(shown, start=1)), f"{first}. 指令："]
    return f"\n{SEPARATOR}\n".join(blocks)


def _example(number: int, task: SeedTask) -> str:
    instruction = " ".join(task.instruction.split()).rstrip(":：")
    instance = task.instances[0]
    return (
        f"{number}. 指令：{instruction}\n{number}. 输入：\n{instance.input or NO_INPUT}\n"
        f"{number}. 输出：\n{instance.output}"
    )


def _requests(generation: Generation, prompts: Sequence[str]) -> Iterator[Request]:
    sampling, times = generation.params.sampling, Counter[str]()
    chosen = {"temperature": sampling.temperature, "top_p": sampling.top_p}
    for prompt in prompts:
        yield Request(
            endpoint=generation.endpoint,
            model=generation.model.model,
            messages=[{"role": "user", "content": prompt}],
            max_tokens=sampling.max_tokens,
            parameters={name: value for name, value in chosen.items() if value is not None},
            token_limit=generation.model.token_limit,
            repeat=times[prompt],
        )
        times[prompt] += 1
