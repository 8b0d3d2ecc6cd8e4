package dev.tiphys.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Who is given advice, and how it arrives.
class AdviceOverHttpTest {

  private static final String PODS = "/api/v1/namespaces/default/pods";
  private static final String ADVICE =
      "299 - \"spec.containers[0].args[0]: $(NAME) is not defined in env, and stays as it is"
          + " written; define NAME there, or write $$(NAME) if the text is meant"
          + " [variable-undefined]\"";

  private static String pod(String name, String metadata, String argument) {
    return """
        {"apiVersion":"v1","kind":"Pod","metadata":{"name":"%s"%s},
         "spec":{"containers":[{"name":"c","image":"i:1","args":["%s"]}]}}"""
        .formatted(name, metadata, argument);
  }

  @Test
  void advicePassesOverTheWireAsWarnings() throws Exception {
    try (RunningServer server = new RunningServer()) {
      Wire wire = new Wire(server);

      Wire.Answer made = wire.post(PODS, pod("p", "", "$(NAME)"));

      assertThat(made.code()).isEqualTo(201);
      assertThat(made.headers("warning")).containsExactly(ADVICE);
    }
  }

  @Test
  void dryRunsAreAdvisedToo() throws Exception {
    try (RunningServer server = new RunningServer()) {
      Wire wire = new Wire(server);

      assertThat(wire.post(PODS + "?dryRun=All", pod("p", "", "$(NAME)")).headers("warning"))
          .containsExactly(ADVICE);
      assertThat(wire.get(PODS + "/p").code()).isEqualTo(404);
    }
  }

  @Test
  void refusedObjectsAreGivenNoAdvice() throws Exception {
    try (RunningServer server = new RunningServer()) {
      Wire.Answer refused =
          new Wire(server).post(PODS, pod("p", ",\"labels\":{\"a\":\"-\"}", "$(NAME)"));

      assertThat(refused.code()).isEqualTo(422);
      assertThat(refused.headers("warning")).isEmpty();
    }
  }

  @Test
  void whatControllersMadeIsNotTheirWritersAffair() throws Exception {
    try (RunningServer server = new RunningServer()) {
      String owned =
          ",\"ownerReferences\":[{\"apiVersion\":\"apps/v1\",\"kind\":\"ReplicaSet\",\"name\":\"r\","
              + "\"uid\":\"u\",\"controller\":true}]";

      assertThat(new Wire(server).post(PODS, pod("p", owned, "$(NAME)")).headers("warning"))
          .isEmpty();
    }
  }

  @Test
  void theClustersOwnNamespacesAreLeftAlone() throws Exception {
    try (RunningServer server = new RunningServer()) {
      assertThat(
              new Wire(server)
                  .post("/api/v1/namespaces/kube-system/pods", pod("p", "", "$(NAME)"))
                  .headers("warning"))
          .isEmpty();
    }
  }

  @Test
  void changesOfOtherThingsAreNoReason() throws Exception {
    try (RunningServer server = new RunningServer()) {
      Wire wire = new Wire(server);
      wire.post(PODS, pod("p", "", "$(NAME)"));

      assertThat(
              wire.patch("merge-patch", PODS + "/p", "{'metadata':{'labels':{'b':'c'}}}")
                  .headers("warning"))
          .isEmpty();
    }
  }

  @Test
  void itCanBeTurnedOff() throws Exception {
    try (RunningServer server = new RunningServer(RunningServer.SETTINGS.withoutAdvice())) {
      Wire.Answer made = new Wire(server).post(PODS, pod("p", "", "$(NAME)"));

      assertThat(made.code()).isEqualTo(201);
      assertThat(made.headers("warning")).isEmpty();
    }
  }
}
