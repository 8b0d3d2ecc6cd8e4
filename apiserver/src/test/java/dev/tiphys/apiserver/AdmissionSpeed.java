package dev.tiphys.apiserver;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.store.embedded.EmbeddedStore;
import dev.tiphys.world.RealWorld;
import java.lang.management.ManagementFactory;
import java.util.function.IntFunction;

/// Measures in processor time what webhooks and policies add to a POST of a ConfigMap by a caller
/// in the process. Run its main method.
final class AdmissionSpeed {

  private static final String GROUP = "admissionregistration.k8s.io/v1";
  private static final int ROUNDS = 30_000;
  private static final RealWorld WORLD = new RealWorld();

  private AdmissionSpeed() {}

  public static void main(String[] args) {
    measure("nothing, in a cold process", 0, i -> hook(i, ""));
    measure("nothing", 0, i -> hook(i, ""));
    for (int count : new int[] {10, 100}) {
      measure("webhooks on other resources", count, i -> hook(i, "rules: [" + rule("pods") + "]"));
      measure(
          "webhooks on other objects",
          count,
          i ->
              hook(
                  i, "rules: [" + rule("configmaps") + "], objectSelector: {matchLabels: {a: b}}"));
    }
    measure(
        "webhooks whose condition does not hold",
        10,
        i ->
            hook(
                i,
                "rules: ["
                    + rule("configmaps")
                    + "], matchConditions: [{name: c, expression: object.metadata.name == 'none'}]"));
    measure("policies on other resources", 100, i -> policy(i, "pods"));
    measure("policies that find nothing wrong", 10, i -> policy(i, "configmaps"));
    System.exit(0);
  }

  private static String rule(String resource) {
    return "{apiGroups: [''], apiVersions: [v1], operations: [CREATE], resources: [%s]}"
        .formatted(resource);
  }

  private static String hook(int i, String more) {
    return """
        kind: ValidatingWebhookConfiguration
        metadata: {name: w%d}
        webhooks:
        - {name: w%d.example.com, clientConfig: {url: 'https://127.0.0.1:1'}, sideEffects: None,
           admissionReviewVersions: [v1], %s}
        """
        .formatted(i, i, more);
  }

  private static String policy(int i, String resource) {
    return """
        kind: ValidatingAdmissionPolicy
        metadata: {name: p%d}
        spec:
          matchConstraints: {resourceRules: [%s]}
          validations:
          - {expression: object.metadata.name.startsWith('m') && size(object.data) < 10}
        """
        .formatted(i, rule(resource));
  }

  private static void measure(String what, int count, IntFunction<String> yaml) {
    try (ApiServer server = new ApiServer(EmbeddedStore.inMemory(WORLD), WORLD)) {
      Api api = server.api("measuring");
      api.create(ApiResource.NAMESPACES, Yaml.struct("{metadata: {name: ns}}"));
      for (int i = 0; i < count; i++) {
        make(api, Yaml.struct(yaml.apply(i)));
      }
      int[] made = {0};
      double cost =
          cost(
              () ->
                  api.create(
                      ApiResource.CONFIG_MAPS,
                      Struct.of(
                          "metadata",
                          Struct.of("name", "m" + made[0]++, "namespace", "ns"),
                          "data",
                          Struct.of("key", "value"))));
      System.out.printf("%4d %-40s POST %6.2f us%n", count, what, cost);
    }
  }

  private static void make(Api api, Struct object) {
    String kind = object.string("kind");
    boolean isPolicy = kind.equals("ValidatingAdmissionPolicy");
    create(
        api, isPolicy ? "validatingadmissionpolicies" : "validatingwebhookconfigurations", object);
    if (isPolicy) {
      String name = object.string("metadata", "name");
      create(
          api,
          "validatingadmissionpolicybindings",
          Struct.of(
              "kind",
              "ValidatingAdmissionPolicyBinding",
              "metadata",
              Struct.of("name", name),
              "spec",
              Yaml.struct("{policyName: " + name + ", validationActions: [Deny]}")));
    }
  }

  private static void create(Api api, String plural, Struct object) {
    api.create(
        new ApiResource(GroupVersion.parse(GROUP), plural, object.string("kind"), false), object);
  }

  private static double cost(Runnable action) {
    double last = 0;
    for (int round = 0; round < 3; round++) { // the first two warm up
      long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      for (int i = 0; i < ROUNDS; i++) {
        action.run();
      }
      long spent = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before;
      last = spent / 1_000.0 / ROUNDS;
    }
    return last;
  }
}
