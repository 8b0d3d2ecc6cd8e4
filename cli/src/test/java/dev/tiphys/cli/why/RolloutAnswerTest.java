package dev.tiphys.cli.why;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import org.junit.jupiter.api.Test;

class RolloutAnswerTest {

  private static Struct json(String text) {
    return Json.struct(text.replace('\'', '"'));
  }

  @Test
  void podsContainersAndWarningsAreTold() {
    assertThat(
            RolloutAnswer.lines(
                json(
                    "{'namespace':'default','name':'web','wanted':3,'updated':1,'available':2,"
                        + "'problems':['ProgressDeadlineExceeded: it has timed out'],'pods':["
                        + "{'name':'web-1','node':'n','containers':[{'name':'main','why':"
                        + "'ImagePullBackOff'}],'warning':'Failed: no such image'}]}")))
        .containsExactly(
            "deployment default/web: of 3 pods 1 are updated and 2 available",
            "  ProgressDeadlineExceeded: it has timed out",
            "  pod web-1 on node n is not ready",
            "    container main: ImagePullBackOff",
            "    last warning: Failed: no such image");
  }

  @Test
  void aRolloutThatIsDoneIsHeldUpByNobody() {
    assertThat(
            RolloutAnswer.lines(
                json("{'namespace':'default','name':'web','wanted':1,'updated':1,'available':1}")))
        .containsExactly(
            "deployment default/web: of 1 pods 1 are updated and 1 available",
            "  no pod of its newest ReplicaSet holds it up");
  }
}
