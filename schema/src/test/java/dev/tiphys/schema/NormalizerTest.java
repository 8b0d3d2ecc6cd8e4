package dev.tiphys.schema;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NormalizerTest {

  private static final Type POD = TypeTable.BUILT_IN.type("io.k8s.api.core.v1.Pod");
  private static final Type DEPLOYMENT = TypeTable.BUILT_IN.type("io.k8s.api.apps.v1.Deployment");
  private static final Type DEFINITION =
      TypeTable.BUILT_IN.type(
          "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinition");
  private static final Type ROLE = TypeTable.BUILT_IN.type("io.k8s.api.rbac.v1.Role");

  @Test
  void defaultsOfTheTableAreFilledIn() {
    Struct pod =
        normalized(POD, "{'spec':{'containers':[{'name':'a','ports':[{'containerPort':80}]}]}}");

    assertThat(pod.string("spec", "restartPolicy")).isEqualTo("Always");
    assertThat(pod.integer("spec", "terminationGracePeriodSeconds")).isEqualTo(30);
    assertThat(pod.get("spec", "securityContext")).isEqualTo(Struct.EMPTY);
    Struct container = pod.structs("spec", "containers").getFirst();
    assertThat(container.string("terminationMessagePath")).isEqualTo("/dev/termination-log");
    assertThat(container.structs("ports").getFirst().string("protocol")).isEqualTo("TCP");
    assertThat(container.get("resources")).isEqualTo(Struct.EMPTY);
  }

  /// What a patch has left alone need not be looked at; what it has brought must be, at any depth.
  @Test
  void onlyWhatHasChangedSinceTheNormalFormIsLookedAt() {
    Struct before =
        normalized(
            POD,
            "{'metadata':{'labels':{'a':'b'}},"
                + "'spec':{'containers':[{'name':'a','ports':[{'containerPort':80}]}]}}");
    Struct patched =
        before
            .withAt(List.of(Struct.of("name", "b", "imag", "x")), "spec", "initContainers")
            .withAt(Struct.of("a", "b", "c", Null.NULL), "metadata", "labels")
            .withAt("x", "spec", "more");
    List<String> unknown = new ArrayList<>();

    Struct after = Normalizer.normalize(patched, POD, before, unknown::add);

    assertThat(after).isEqualTo(Normalizer.normalize(patched, POD));
    assertThat(after.get("spec", "containers")).isSameAs(before.get("spec", "containers"));
    assertThat(unknown).containsExactlyInAnyOrder("spec.initContainers[0].imag", "spec.more");
  }

  @Test
  void whatIsSetIsKept() {
    Struct pod =
        normalized(
            POD,
            "{'spec':{'terminationGracePeriodSeconds':0,'restartPolicy':'Never','containers':[]}}");

    assertThat(pod.get("spec", "terminationGracePeriodSeconds")).isEqualTo(0L);
    assertThat(pod.string("spec", "restartPolicy")).isEqualTo("Never");
  }

  @Test
  void fieldsTheTypeDoesNotHaveAreDroppedAndTold() {
    List<String> unknown = new ArrayList<>();

    Struct pod =
        Normalizer.normalize(
            json("{'spec':{'containers':[{'name':'a','imag':'x'}],'foo':{'bar':1}},'extra':1}"),
            POD,
            unknown::add);

    assertThat(unknown).containsExactly("extra", "spec.containers[0].imag", "spec.foo");
    assertThat(pod.has("spec", "foo")).isFalse();
  }

  @Test
  void unknownFieldsOfSchemasWithinSchemasAreDroppedInSilence() {
    List<String> unknown = new ArrayList<>();

    Struct definition =
        Normalizer.normalize(
            json(
                "{'spec':{'versions':[{'schema':{'openAPIV3Schema':"
                    + "{'type':'array','x':1,'items':{'type':'string','y':2}}}}]}}"),
            DEFINITION,
            unknown::add);

    assertThat(unknown).containsExactly("spec.versions[0].schema.openAPIV3Schema.x");
    assertThat(definition.toString()).doesNotContain("'y'".replace('\'', '"'));
  }

  @Test
  void emptyFieldsThatMeanNothingAreDropped() {
    Struct pod =
        normalized(
            POD,
            "{'metadata':{'name':'','labels':{},'annotations':null,'creationTimestamp':null},"
                + "'spec':{'volumes':[],'nodeName':'','hostNetwork':false,'containers':[]}}");

    assertThat(pod.struct("metadata").isEmpty()).isTrue();
    assertThat(pod.struct("spec").names())
        .doesNotContain("volumes", "nodeName", "hostNetwork")
        .contains("containers");
  }

  @Test
  void whatUpstreamAlwaysWritesIsAlwaysThere() {
    Struct deployment = normalized(DEPLOYMENT, "{}");

    assertThat(deployment.get("status")).isEqualTo(Struct.EMPTY);
    assertThat(deployment.get("spec", "selector")).isEqualTo(Null.NULL);
    assertThat(deployment.get("spec", "template", "spec", "containers")).isEqualTo(Null.NULL);
    assertThat(normalized(ROLE, "{}").get("rules")).isEqualTo(Null.NULL);
  }

  @Test
  void quantitiesAndTimesAreWrittenTheCanonicalWay() {
    Struct pod =
        normalized(
            POD,
            "{'metadata':{'creationTimestamp':'2026-01-01T01:00:00.5+01:00'},"
                + "'spec':{'containers':[{'name':'a','resources':{'limits':"
                + "{'cpu':'1000m','memory':1024,'x.y/z':'100u'}}}]}}");

    assertThat(pod.string("metadata", "creationTimestamp")).isEqualTo("2026-01-01T00:00:00Z");
    assertThat(pod.structs("spec", "containers").getFirst().struct("resources", "limits"))
        .hasToString("{\"cpu\":\"1\",\"memory\":\"1024\",\"x.y/z\":\"1m\"}");
  }

  @Test
  void aTreeInItsFormIsReturnedAsItIs() {
    Struct pod = normalized(POD, "{'spec':{'containers':[{'name':'a','image':'b'}]}}");

    assertThat(Normalizer.normalize(pod, POD)).isSameAs(pod);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '\0',
      value = {
        "{'spec':{'replicas':'3'}};"
            + " json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32",
        "{'spec':{'template':{'spec':{'containers':[{'image':5}]}}}};"
            + " json: cannot unmarshal number into Go struct field Container.spec.template.spec.containers.image of type string",
        "{'spec':{'template':[]}};"
            + " json: cannot unmarshal array into Go struct field DeploymentSpec.spec.template of type v1.PodTemplateSpec",
        "{'spec':{'replicas':3000000000}};"
            + " json: cannot unmarshal number 3000000000 into Go struct field DeploymentSpec.spec.replicas of type int32",
        "{'spec':{'strategy':{'type':1}}};"
            + " json: cannot unmarshal number into Go struct field DeploymentStrategy.spec.strategy.type of type v1.DeploymentStrategyType",
        "{'spec':{'strategy':{'rollingUpdate':{'maxSurge':1.5}}}};"
            + " json: cannot unmarshal number 1.5 into Go struct field RollingUpdateDeployment.spec.strategy.rollingUpdate.maxSurge of type int32",
        "{'metadata':{'deletionTimestamp':1}};"
            + " json: cannot unmarshal number into Go struct field ObjectMeta.metadata.deletionTimestamp of type string",
        "{'spec':{'template':{'spec':{'overhead':{'cpu':true}}}}};"
            + " quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
        "{'spec':{'template':{'spec':{'overhead':[]}}}};"
            + " json: cannot unmarshal array into Go struct field PodSpec.spec.template.spec.overhead of type v1.ResourceList",
        "{'spec':{'template':{'spec':{'containers':[{'securityContext':{'capabilities':{'add':{}}}}]}}}};"
            + " json: cannot unmarshal object into Go struct field"
            + " Capabilities.spec.template.spec.containers.securityContext.capabilities.add of type []v1.Capability",
        "{'spec':{'template':{'spec':{'containers':[{'securityContext':{'capabilities':{'add':[1]}}}]}}}};"
            + " json: cannot unmarshal number into Go struct field"
            + " Capabilities.spec.template.spec.containers.securityContext.capabilities.add of type v1.Capability",
      })
  void valuesOfAnotherTypeAreRefusedInUpstreamsWords(String tree, String message) {
    assertThatThrownBy(() -> normalized(DEPLOYMENT, tree))
        .isInstanceOf(DecodingException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "{'spec':'x'}; string into Go struct field Pod.spec of type v1.PodSpec;"
            + " cannot restore struct from: string",
        "{'metadata':{'labels':'x'}}; string into Go struct field ObjectMeta.metadata.labels of type"
            + " map[string]string; cannot restore map from string",
        "{'metadata':{'labels':{'a':5}}}; number into Go struct field ObjectMeta.metadata.labels of"
            + " type string; cannot convert int64 to string",
        "{'metadata':{'labels':{'a':{}}}}; object into Go struct field ObjectMeta.metadata.labels of"
            + " type string; unrecognized type: string",
        "{'spec':{'containers':{}}}; object into Go struct field PodSpec.spec.containers of type"
            + " []v1.Container; cannot restore slice from map",
        "{'spec':{'hostNetwork':1}}; number into Go struct field PodSpec.spec.hostNetwork of type"
            + " bool; unrecognized type: bool",
        "{'spec':{'priority':1.5}}; number 1.5 into Go struct field PodSpec.spec.priority of type"
            + " int32; cannot convert float64 to int32",
      })
  void aMismatchIsWordedForTextsAndForTrees(String tree, String text, String converted) {
    assertThatThrownBy(() -> normalized(POD, tree))
        .isInstanceOfSatisfying(
            DecodingException.class,
            e -> {
              assertThat(e).hasMessage("json: cannot unmarshal " + text);
              assertThat(e.conversionText()).isEqualTo(converted);
            });
  }

  @Test
  void jsonShowsFieldsAsTheirTypeDeclaresThem() {
    Struct pod =
        json(
            "{'status':{'phase':'Running','conditions':[{'status':'True','type':'Ready'}]},"
                + "'spec':{'nodeName':'n','containers':[{'image':'i','name':'c',"
                + "'resources':{'requests':{'memory':'1','cpu':'1'}}}],'volumes':[{'name':'v'}]},"
                + "'metadata':{'uid':'u','labels':{'b':'1','a':'2'},'name':'p'},"
                + "'kind':'Pod','apiVersion':'v1'}");

    assertThat(new String(Json.bytes(pod, POD.order()), UTF_8).replace('"', '\''))
        .isEqualTo(
            "{'kind':'Pod','apiVersion':'v1',"
                + "'metadata':{'name':'p','uid':'u','labels':{'a':'2','b':'1'}},"
                + "'spec':{'volumes':[{'name':'v'}],'containers':[{'name':'c','image':'i',"
                + "'resources':{'requests':{'cpu':'1','memory':'1'}}}],'nodeName':'n'},"
                + "'status':{'phase':'Running','conditions':[{'type':'Ready','status':'True'}]}}");
  }

  @ParameterizedTest
  @CsvSource({
    "v1, Node, spec.unschedulable, false",
    "v1, ReplicationController, status.replicas, 0",
    "v1, Pod, spec.nodeName, ''",
    "v1, Pod, spec.nothing, ''",
  })
  void selectorsCompareAnAbsentFieldAsTheEmptyValueOfItsType(
      String version, String kind, String field, String value) {
    Type type = TypeTable.BUILT_IN.ofKind(GroupVersion.parse(version), kind);

    assertThat(type).isNotNull();
    assertThat(type.selectable(Struct.EMPTY, field)).isEqualTo(value);
  }

  @Test
  void malformedQuantitiesAreRefused() {
    assertThatThrownBy(
            () ->
                normalized(
                    POD, "{'spec':{'containers':[{'resources':{'limits':{'cpu':'lots'}}}]}}"))
        .hasMessageContaining("quantities must match the regular expression");
  }

  private static Struct normalized(Type type, String tree) {
    return Normalizer.normalize(json(tree), type);
  }

  private static Struct json(String single) {
    return Json.struct(single.replace('\'', '"'));
  }
}
