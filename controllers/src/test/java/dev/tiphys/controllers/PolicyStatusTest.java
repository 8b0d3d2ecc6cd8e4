package dev.tiphys.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.schema.GroupVersion;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The status of an admission policy says what is wrong with its expressions. The texts are those
/// of a real server.
class PolicyStatusTest {

  private static final ApiResource POLICIES =
      new ApiResource(
          new GroupVersion("admissionregistration.k8s.io", "v1"),
          "validatingadmissionpolicies",
          "ValidatingAdmissionPolicy",
          false);

  private final TestCluster cluster = new TestCluster(1);

  @AfterEach
  void close() {
    cluster.close();
  }

  /// A rule on resources of a group.
  private static String rule(String group, String resources) {
    return "{apiGroups: [%s], apiVersions: [v1], operations: [CREATE], resources: [%s]}"
        .formatted(group, resources);
  }

  private Struct checked(String rules, String more) {
    cluster.create(
        POLICIES,
        """
        metadata: {name: p}
        spec:
          matchConstraints: {resourceRules: [%s]}
        %s
        """
            .formatted(rules, more.indent(2)));
    cluster.settle();
    return cluster.api.get(POLICIES, "", "p");
  }

  private static List<Struct> warnings(Struct policy) {
    return policy.structs("status", "typeChecking", "expressionWarnings");
  }

  /// What is told of one expression about Deployments, without the places in it.
  private String toldOf(String expression) {
    Struct policy =
        checked(
            rule("apps", "deployments"),
            """
            paramKind: {apiVersion: v1, kind: ConfigMap}
            variables:
            - {name: named, expression: object.metadata.name}
            - {name: broken, expression: object.nothing}
            validations:
            - expression: >-
                %s
            """
                .formatted(expression));
    return warnings(policy).stream()
        .map(each -> each.string("warning"))
        .flatMap(String::lines)
        .filter(line -> line.contains("ERROR"))
        .map(line -> line.replaceFirst("apps/v1, Kind=Deployment: ", ""))
        .collect(Collectors.joining("; "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      nullValues = "fine",
      value = {
        "object.spec.replicas > 1 | fine",
        "object.foo > 1 | ERROR: <input>:1:7: undefined field 'foo'",
        "oldObject.foo > 1 | ERROR: <input>:1:10: undefined field 'foo'",
        "object.spec == 3 | ERROR: <input>:1:13: found no matching overload for '_==_' applied to"
            + " '(Deployment.spec, int)'",
        "object.metadata.creationTimestamp < 'x' | ERROR: <input>:1:35: found no matching overload"
            + " for '_<_' applied to '(timestamp, string)'",
        "object.kind == 3 | ERROR: <input>:1:13: found no matching overload for '_==_' applied to"
            + " '(string, int)'",
        "object.metadata.labels['x'] == 3 | ERROR: <input>:1:29: found no matching overload for"
            + " '_==_' applied to '(string, int)'",
        "object.spec.template.spec.containers[0].ports[0].containerPort == 'a' | ERROR:"
            + " <input>:1:64: found no matching overload for '_==_' applied to '(int, string)'",
        "object.spec.template.spec.containers[0].livenessProbe.httpGet.port == 'a' | fine",
        "object.spec.template.spec.containers.all(c, c.resources.limits['cpu'] == '1') | ERROR:"
            + " <input>:1:56: undefined field 'limits'",
        "object.metadata.managedFields[0].fieldsV1.x == 1 | ERROR: <input>:1:42: undefined field"
            + " 'x'",
        "params.data.x == '3' | fine",
        "params.nope == 'x' | ERROR: <input>:1:7: undefined field 'nope'",
        "variables.named == 3 | ERROR: <input>:1:17: found no matching overload for '_==_' applied"
            + " to '(string, int)'",
        "variables.broken == 3 | fine",
        "authorizer.requestResource.check('create').allowed() | fine",
      })
  void anExpressionIsCheckedAgainstTheKind(String expression, String told) {
    assertThat(toldOf(expression)).isEqualTo(told == null ? "" : told);
  }

  @Test
  void eachKindIsToldOfInOrderForEachExpression() {
    Struct policy =
        checked(
            rule("apps", "replicasets, deployments, deployments/scale")
                + ", "
                + rule("\"\"", "pods, events"),
            """
            validations:
            - {expression: "true"}
            - {expression: object.foo > 1, messageExpression: "'x' + object.spec.nodeName"}
            """);

    assertThat(warnings(policy))
        .extracting(each -> each.string("fieldRef"))
        .containsExactly("spec.validations[1].expression", "spec.validations[1].messageExpression");
    String one =
        """
        %s: ERROR: <input>:1:7: undefined field 'foo'
         | object.foo > 1
         | ......^
        """;
    assertThat(warnings(policy).getFirst().string("warning"))
        .isEqualTo(
            List.of(
                    "/v1, Kind=Event",
                    "/v1, Kind=Pod",
                    "apps/v1, Kind=Deployment",
                    "apps/v1, Kind=ReplicaSet")
                .stream()
                .map(one::formatted)
                .collect(Collectors.joining("\n")));
    assertThat(warnings(policy).getLast().string("warning")).doesNotContain("Kind=Pod");
  }

  @Test
  void theStatusBelongsToTheControllerAndFollowsTheSpec() {
    Struct policy =
        checked(rule("apps", "deployments"), "validations: [{expression: object.foo == 1}]");
    assertThat(policy.struct("status").integer("observedGeneration")).isEqualTo(1);
    assertThat(warnings(policy)).hasSize(1);
    assertThat(policy.structs("metadata", "managedFields"))
        .anySatisfy(
            entry -> {
              assertThat(entry.string("manager")).isEqualTo("validatingadmissionpolicy-status");
              assertThat(entry.string("operation")).isEqualTo("Apply");
              assertThat(entry.string("subresource")).isEqualTo("status");
            });

    Struct good = Struct.of("expression", "object.spec.replicas == 1");
    cluster.api.update(
        POLICIES, policy.with("spec", policy.struct("spec").with("validations", List.of(good))));
    cluster.settle();

    Struct corrected = cluster.api.get(POLICIES, "", "p");
    assertThat(corrected.struct("status").integer("observedGeneration")).isEqualTo(2);
    assertThat(warnings(corrected)).isEmpty();
    assertThat(corrected.struct("status").has("typeChecking")).isTrue();
  }

  @Test
  void rulesWithAsterisksAndUnknownKindsAreNotChecked() {
    String all = "{apiGroups: ['*'], apiVersions: [v1], operations: ['*'], resources: [pods]}";
    Struct policy =
        checked(
            all
                + ", "
                + rule("apps", "'*'")
                + ", "
                + rule("apps", "nothing")
                + ", "
                + rule("nowhere", "pods"),
            "validations: [{expression: object.foo == 1}]");

    assertThat(warnings(policy)).isEmpty();
    assertThat(policy.struct("status").integer("observedGeneration")).isEqualTo(1);
  }

  @Test
  void tenKindsOfARuleAreCheckedAtMost() {
    Struct policy =
        checked(
            rule(
                "\"\"",
                "bindings, configmaps, endpoints, limitranges, namespaces, nodes,"
                    + " persistentvolumeclaims, persistentvolumes, pods, podtemplates,"
                    + " replicationcontrollers, secrets, services"),
            "validations: [{expression: object.foo == 1}]");

    assertThat(warnings(policy).getFirst().string("warning").lines())
        .filteredOn(line -> line.contains("Kind="))
        .hasSize(10)
        .noneMatch(line -> line.contains("Kind=Service"));
  }

  @Test
  void customKindsAreChecked() {
    cluster.create(
        ApiResource.CUSTOM_RESOURCE_DEFINITIONS,
        """
        metadata: {name: ships.argo.example}
        spec:
          group: argo.example
          scope: Namespaced
          names: {plural: ships, singular: ship, kind: Ship, listKind: ShipList}
          versions:
          - name: v1
            served: true
            storage: true
            schema:
              openAPIV3Schema:
                type: object
                properties:
                  spec:
                    type: object
                    properties:
                      oars: {type: integer}
                      size: {x-kubernetes-int-or-string: true}
        """);
    cluster.settle();
    Struct policy =
        checked(
            rule("argo.example", "ships"),
            """
            validations:
            - {expression: object.spec.oars > 1 && object.metadata.name != '' && object.spec.size == 3}
            - {expression: object.spec.oars == 'x'}
            - {expression: object.spec.sails > 1}
            """);

    assertThat(warnings(policy))
        .extracting(each -> each.string("warning").lines().findFirst().orElse(""))
        .containsExactly(
            "argo.example/v1, Kind=Ship: ERROR: <input>:1:18: found no matching overload for '_==_'"
                + " applied to '(int, string)'",
            "argo.example/v1, Kind=Ship: ERROR: <input>:1:12: undefined field 'sails'");
  }
}
