package dev.tiphys.delivery.traffic.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.delivery.experiment.StepExperiments.Share;
import dev.tiphys.delivery.traffic.RoutingException;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import java.util.List;
import org.junit.jupiter.api.Test;

class RouteRulesTest {

  private static final Struct ROUTE =
      Yaml.struct(
          """
          spec:
            rules:
            - matches: [{path: {type: PathPrefix, value: /shop}}]
              backendRefs:
              - {name: stable, port: 80, weight: 100}
              - {name: canary, port: 80, weight: 0}
            - backendRefs: [{name: other, port: 80}]
          """);

  private final RouteRules rules = new RouteRules("canary", "stable", List.of("first", "second"));

  private static List<String> weights(Struct rule) {
    return rule.structs("backendRefs").stream()
        .map(each -> each.string("name") + "=" + each.integer("weight"))
        .toList();
  }

  private static Struct rule(Struct route, int index) {
    return route.structs("spec", "rules").get(index);
  }

  @Test
  void weightsAreSharedOutAndOtherRulesStay() {
    Struct route = rules.shared(ROUTE, 20, List.of(), 100);

    assertThat(weights(rule(route, 0))).containsExactly("stable=80", "canary=20");
    assertThat(rule(route, 1)).isEqualTo(rule(ROUTE, 1));
  }

  @Test
  void versionsOfAnExperimentComeAndGo() {
    Struct route = rules.shared(ROUTE, 20, List.of(new Share("trial", "h", 10)), 100);
    assertThat(weights(rule(route, 0))).containsExactly("stable=70", "canary=20", "trial=10");
    assertThat(rule(route, 0).structs("backendRefs").getLast().integer("port")).isEqualTo(80);

    assertThat(weights(rule(rules.shared(route, 20, List.of(), 100), 0)))
        .containsExactly("stable=80", "canary=20");
  }

  @Test
  void aRouteThatLeadsToNeitherIsRefused() {
    Struct elsewhere = Yaml.struct("{spec: {rules: [{backendRefs: [{name: other}]}]}}");

    assertThatThrownBy(() -> rules.shared(elsewhere, 20, List.of(), 100))
        .isInstanceOf(RoutingException.class)
        .hasMessageContaining("leads to both `stable` and `canary`");
  }

  @Test
  void requestsWithAHeaderGoToTheCanaryAlone() {
    Struct step =
        Yaml.struct("{name: first, match: [{headerName: x-user, headerValue: {prefix: 'a.b'}}]}");
    Struct route = rules.sent(ROUTE, step);

    Struct made = rule(route, 0);
    assertThat(made.string("name")).isEqualTo("first");
    assertThat(weights(made)).containsExactly("canary=1");
    assertThat(made.structs("matches"))
        .containsExactly(
            Yaml.struct(
                """
                path: {type: PathPrefix, value: /shop}
                headers: [{type: RegularExpression, name: x-user, value: '\\Qa.b\\E.*'}]
                """));
    assertThat(route.structs("spec", "rules")).hasSize(3);

    assertThat(rules.sent(route, step)).isEqualTo(route);
    assertThat(rules.sent(route, Yaml.struct("{name: first}"))).isEqualTo(ROUTE);
    assertThat(weights(rule(rules.shared(route, 50, List.of(), 100), 0)))
        .containsExactly("canary=1");
  }

  @Test
  void managedRoutesStandInTheirOrderAndGoTogether() {
    Struct second =
        Yaml.struct(
            "{name: second, match: [{method: {exact: GET}, path: {prefix: /x}}], percentage: 30}");
    Struct first = Yaml.struct("{name: first, match: [{headerName: a, headerValue: {exact: b}}]}");
    Struct route = rules.sent(rules.mirrored(ROUTE, second), first);

    assertThat(rule(route, 0).string("name")).isEqualTo("first");
    Struct mirror = rule(route, 1);
    assertThat(mirror.string("name")).isEqualTo("second");
    assertThat(mirror.structs("filters").getFirst().struct("requestMirror"))
        .isEqualTo(Yaml.struct("{backendRef: {name: canary, port: 80}, percent: 30}"));
    assertThat(mirror.structs("matches").getFirst())
        .isEqualTo(Yaml.struct("{path: {type: PathPrefix, value: /x}, method: GET}"));
    assertThat(rules.withoutManaged(route)).isEqualTo(ROUTE);
  }
}
