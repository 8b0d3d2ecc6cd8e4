package dev.tiphys.apiserver.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.apiserver.request.Call;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.schema.Resource;
import dev.tiphys.schema.ResourceTable;
import dev.tiphys.world.RealWorld;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FlowRecorderTest {

  private static final Resource DEPLOYMENTS =
      ResourceTable.builtIn().stream()
          .filter(each -> each.groupResource().equals("deployments.apps"))
          .findFirst()
          .orElseThrow();

  private static final Struct BEFORE =
      Yaml.struct(
          "{metadata: {name: web, namespace: default, generation: 1}, status: {replicas: 1}}");

  private final FlowLog log = new FlowLog(4);
  private final FlowRecorder recorder = new FlowRecorder(new RealWorld(), log);

  @Test
  void aNewGenerationIsAnotherWish() {
    assertThat(wish("system:serviceaccount:kube-system:some-controller", 7, generation(2)))
        .isTrue();
  }

  /// People who write a status give orders with it, as `kubectl argo rollouts promote` does.
  @ParameterizedTest
  @CsvSource({
    "kubernetes-admin,0,true",
    "kubernetes-admin,7,false",
    "system:node:one,0,false",
    "system:serviceaccount:kube-system:some-controller,0,false"
  })
  void aStatusIsOneIfAPersonHasWrittenIt(String user, long cause, boolean wish) {
    assertThat(wish(user, cause, BEFORE.withAt(2L, "status", "replicas"))).isEqualTo(wish);
  }

  private boolean wish(String user, long cause, Struct now) {
    recorder.wrote(new Call(UserInfo.of(user), "test", cause, false), DEPLOYMENTS, BEFORE, now, 8);
    return log.events().getLast().spec();
  }

  private static Struct generation(long generation) {
    return BEFORE.withAt(generation, "metadata", "generation");
  }
}
