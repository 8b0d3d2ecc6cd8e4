package dev.tiphys.schema.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Runs the cases in the `.rules` files.
class RulesTest {

  @TestFactory
  Stream<DynamicContainer> eachChangeIsAnsweredInUpstreamsWords() {
    return Stream.of(
            "pod",
            "deployment",
            "replicaset",
            "statefulset",
            "daemonset",
            "controller",
            "revision",
            "service",
            "configmap",
            "secret",
            "namespace",
            "node",
            "endpoints",
            "event",
            "newevent",
            "limitrange",
            "quota",
            "volume",
            "claim",
            "slice",
            "job",
            "cronjob",
            "disruption",
            "migration",
            "autoscaler",
            "oldautoscaler",
            "priority",
            "runtimeclass",
            "lease",
            "ingress",
            "ingressclass",
            "networkpolicy",
            "ipaddress",
            "servicerange",
            "role",
            "clusterrole",
            "rolebinding",
            "clusterrolebinding",
            "storageclass",
            "attributesclass",
            "attachment",
            "csidriver",
            "csinode",
            "capacity",
            "signing",
            "access",
            "localaccess",
            "selfaccess",
            "flowschema",
            "prioritylevel",
            "webhook",
            "policy",
            "mutatingpolicy",
            "policybinding",
            "definition",
            "definition-expressions",
            "definition-defaults",
            "apiservice",
            "deviceclaim",
            "claimtemplate",
            "deviceclass",
            "deviceslice")
        .map(name -> dynamicContainer(name, cases(RuleFile.read(name))));
  }

  private static Stream<DynamicTest> cases(RuleFile file) {
    DynamicTest sound =
        dynamicTest(
            "the object to start from is sound",
            () -> assertThat(file.found(new RuleFile.Case("", "", java.util.List.of()))).isEmpty());
    return Stream.concat(
        Stream.of(sound),
        file.cases().stream()
            .map(
                tried ->
                    dynamicTest(
                        (tried.action() + " " + tried.sentence()).strip(),
                        () ->
                            assertThat(file.found(tried))
                                .containsExactlyElementsOf(file.expected(tried)))));
  }
}
