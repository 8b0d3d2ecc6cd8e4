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
                    "{'kind':'Deployment','namespace':'default','name':'web','wanted':3,'updated':1,'available':2,"
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
  void aRolloutThatIsDoneIsHeldUpByNothing() {
    assertThat(
            RolloutAnswer.lines(
                json(
                    "{'kind':'Deployment','namespace':'default','name':'web','wanted':1,"
                        + "'updated':1,'available':1,'replicaSet':'web-1'}")))
        .containsExactly(
            "deployment default/web: of 1 pods 1 are updated and 1 available",
            "  no pod of its newest ReplicaSet holds it up");
  }

  @Test
  void aPodThatCannotGoIsTold() {
    assertThat(
            RolloutAnswer.lines(
                json(
                    "{'kind':'StatefulSet','namespace':'default','name':'db','wanted':2,'updated':1,"
                        + "'available':1,'warning':'FailedCreate: quota','pods':[{'name':'db-1',"
                        + "'node':'n','phase':'Running','deletedAt':'2026-01-02T03:04:05Z'}]}")))
        .containsExactly(
            "statefulset default/db: of 2 pods 1 are updated and 1 available",
            "  last warning: FailedCreate: quota",
            "  pod db-1 on node n is not ready",
            "    it is to be gone since 2026-01-02T03:04:05Z");
  }

  @Test
  void aJobTellsOfItsCompletions() {
    assertThat(
            RolloutAnswer.lines(
                json(
                    "{'kind':'Job','namespace':'default','name':'sum','wanted':4,'active':0,"
                        + "'succeeded':3,'failed':1,'problems':['FailedIndexes: one has failed'],"
                        + "'pods':[{'name':'sum-2','node':'n','phase':'Failed','containers':[{'name':"
                        + "'main','why':'it ended with Error (exit code 3)'}]}]}")))
        .containsExactly(
            "job default/sum: of 4 completions 3 are done; 0 pods are active and 1 have failed",
            "  FailedIndexes: one has failed",
            "  pod sum-2 on node n has failed",
            "    container main: it ended with Error (exit code 3)");
  }
}
