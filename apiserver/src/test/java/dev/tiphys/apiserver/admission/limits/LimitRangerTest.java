package dev.tiphys.apiserver.admission.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.apiserver.admission.AdmissionSettings;
import dev.tiphys.apiserver.admission.PluginServer;
import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LimitRangerTest {

  private static final ApiResource LIMITS =
      PluginServer.resource("v1", "limitranges", "LimitRange");

  private final PluginServer server =
      new PluginServer(AdmissionSettings.DEFAULT.without("ServiceAccount"));

  @AfterEach
  void close() {
    server.close();
  }

  private void limit(String limit) {
    server.create(
        LIMITS, "{'metadata':{'name':'l','namespace':'a'},'spec':{'limits':[" + limit + "]}}");
  }

  private Struct pod(String resources) {
    return server.create(
        ApiResource.PODS,
        "{'metadata':{'name':'p','namespace':'a'},'spec':{'containers':[{'name':'c','image':'i','resources':%s}]}}"
            .formatted(resources));
  }

  /// The default limit is no maximum, and no request is made to fit below it.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | 256Mi | 512Mi | LimitRanger plugin set: memory request for container c; memory limit for container c",
        "{'limits':{'memory':'1Gi'}} | 1Gi | 1Gi | ''",
        "{'requests':{'memory':'1Mi'}} | 1Mi | 512Mi | LimitRanger plugin set: memory limit for container c"
      })
  void whatAContainerLeavesOutIsFilledIn(
      String resources, String request, String most, String annotation) {
    limit("{'type':'Container','default':{'memory':'512Mi'},'defaultRequest':{'memory':'256Mi'}}");

    Struct pod = pod(resources);

    Struct made = pod.structs("spec", "containers").getFirst().struct("resources");
    assertThat(made.string("requests", "memory")).isEqualTo(request);
    assertThat(made.string("limits", "memory")).isEqualTo(most);
    assertThat(Meta.of(pod).annotation("kubernetes.io/limit-ranger")).isEqualTo(annotation);
  }

  @Test
  void aRequestAboveTheDefaultLimitIsRefusedAndNotCorrected() {
    limit("{'type':'Container','default':{'memory':'512Mi'},'defaultRequest':{'memory':'256Mi'}}");

    assertThatThrownBy(() -> pod("{'requests':{'memory':'1Gi'}}"))
        .hasMessageContaining(
            "spec.containers[0].resources.requests: Invalid value: \"1Gi\": must be less than or"
                + " equal to memory limit of 512Mi");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'type':'Container','max':{'cpu':'1'}} | {'limits':{'cpu':'2'}} | maximum cpu usage per Container is 1, but limit is 2",
        "{'type':'Container','max':{'memory':'1Gi'},'default':{'memory':'1Gi'}} | {} | ''",
        "{'type':'Container','min':{'cpu':'500m'}} | {'requests':{'cpu':'100m'}} | minimum cpu usage per Container is 500m, but request is 100m",
        "{'type':'Container','min':{'cpu':'500m'}} | {'requests':{'memory':'1Mi'}} | ''",
        "{'type':'Pod','min':{'cpu':'1'}} | {'requests':{'memory':'1Mi'}} | minimum cpu usage per Pod is 1.  No request is specified",
        "{'type':'Container','maxLimitRequestRatio':{'cpu':'2'}} | {'requests':{'cpu':'1'},'limits':{'cpu':'3'}} | cpu max limit to request ratio per Container is 2, but provided ratio is 3.000000",
        "{'type':'Container','maxLimitRequestRatio':{'cpu':'2'}} | {'requests':{'cpu':'1'},'limits':{'cpu':'2'}} | ''",
        "{'type':'Container','maxLimitRequestRatio':{'cpu':'2'}} | {'requests':{'cpu':'1'}} | cpu max limit to request ratio per Container is 2, but no limit is specified or limit is 0",
        "{'type':'Pod','max':{'cpu':'1'}} | {'limits':{'cpu':'2'}} | maximum cpu usage per Pod is 1, but limit is 2",
        "{'type':'Pod','max':{'cpu':'1'}} | {'requests':{'memory':'1'}} | maximum cpu usage per Pod is 1.  No limit is specified",
        "{'type':'Pod','min':{'memory':'1Gi'}} | {'limits':{'memory':'1Mi'}} | minimum memory usage per Pod is 1Gi, but request is 1Mi"
      })
  void whatIsOutOfBoundsIsRefused(String limit, String resources, String problem) {
    limit(limit);

    if (problem.isEmpty()) {
      assertThat(Meta.of(pod(resources)).name()).isEqualTo("p");
    } else {
      assertThatThrownBy(() -> pod(resources)).hasMessage("pods \"p\" is forbidden: " + problem);
    }
  }

  @Test
  void severalProblemsAreToldTogether() {
    limit("{'type':'Container','min':{'cpu':'2'},'max':{'memory':'1Mi'}}");

    assertThatThrownBy(() -> pod("{'requests':{'cpu':'1'},'limits':{'cpu':'3','memory':'2Mi'}}"))
        .hasMessage(
            "pods \"p\" is forbidden: [minimum cpu usage per Container is 2, but request is 1,"
                + " maximum memory usage per Container is 1Mi, but limit is 2Mi]");
  }

  @ParameterizedTest
  @CsvSource({
    "1Gi,''",
    "512Mi,'minimum storage usage per PersistentVolumeClaim is 1Gi, but request is 512Mi'",
    "3Gi,'maximum storage usage per PersistentVolumeClaim is 2Gi, but request is 3Gi'"
  })
  void claimsHaveBoundsToo(String size, String problem) {
    limit("{'type':'PersistentVolumeClaim','min':{'storage':'1Gi'},'max':{'storage':'2Gi'}}");
    String claim =
        "{'metadata':{'name':'c','namespace':'a'},'spec':{'accessModes':['ReadWriteOnce'],'resources':{'requests':{'storage':'%s'}}}}"
            .formatted(size);

    if (problem.isEmpty()) {
      assertThat(server.create(ApiResource.PERSISTENT_VOLUME_CLAIMS, claim).isEmpty()).isFalse();
    } else {
      assertThatThrownBy(() -> server.create(ApiResource.PERSISTENT_VOLUME_CLAIMS, claim))
          .hasMessage("persistentvolumeclaims \"c\" is forbidden: " + problem);
    }
  }
}
