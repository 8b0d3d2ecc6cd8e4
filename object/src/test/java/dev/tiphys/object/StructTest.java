package dev.tiphys.object;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.encoding.Json;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StructTest {

  private static final Struct POD =
      Json.struct(
          """
          {"kind":"Pod","apiVersion":"v1","metadata":{"name":"web","labels":{"app":"x"}},
           "spec":{"containers":[{"name":"a"},{"name":"b"}],"hostNetwork":true},"n":3}
          """);

  @Test
  void fieldsAreInTheOrderOfTheirNames() {
    assertThat(POD.names()).containsExactly("apiVersion", "kind", "metadata", "n", "spec");
    assertThat(POD.toString()).startsWith("{\"apiVersion\":\"v1\",\"kind\":\"Pod\"");
  }

  @Test
  void whatIsAbsentReadsAsTheEmptyValueOfItsType() {
    assertThat(POD.string("metadata", "namespace")).isEmpty();
    assertThat(POD.integer("spec", "priority")).isZero();
    assertThat(POD.bool("spec", "hostPID")).isFalse();
    assertThat(POD.struct("status").isEmpty()).isTrue();
    assertThat(POD.structs("spec", "volumes")).isEmpty();
    assertThat(POD.has("spec", "volumes")).isFalse();
  }

  @Test
  void whatIsThereIsFoundByItsPath() {
    assertThat(POD.string("metadata", "labels", "app")).isEqualTo("x");
    assertThat(POD.integer("n")).isEqualTo(3);
    assertThat(POD.bool("spec", "hostNetwork")).isTrue();
    assertThat(POD.structs("spec", "containers")).hasSize(2);
  }

  @Test
  void changingGivesANewStructThatSharesTheRest() {
    Struct changed = POD.withAt("node-1", "spec", "nodeName");

    assertThat(changed.string("spec", "nodeName")).isEqualTo("node-1");
    assertThat(POD.has("spec", "nodeName")).isFalse();
    assertThat(changed.get("metadata")).isSameAs(POD.get("metadata"));
  }

  @Test
  void settingDeepMakesTheStructsOnTheWay() {
    assertThat(Struct.EMPTY.withAt(1L, "a", "b", "c").toString())
        .isEqualTo("{\"a\":{\"b\":{\"c\":1}}}");
  }

  @Test
  void removingAFieldLeavesTheOthers() {
    assertThat(POD.withoutAt("metadata", "labels", "app").struct("metadata", "labels").isEmpty())
        .isTrue();
    assertThat(POD.without("nothing")).isSameAs(POD);
    assertThat(Struct.of("a", 1L).without("a")).isSameAs(Struct.EMPTY);
  }

  @Test
  void structsOfOneShapeShareTheirNames() {
    Struct one = Json.struct("{\"shape-a\":1,\"shape-b\":2}");
    Struct other = Json.struct("{\"shape-b\":3,\"shape-a\":4}");

    assertThat(one.name(0)).isSameAs(other.name(0));
  }

  @Test
  void aBuilderTakesManyFieldsInAnyOrder() {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      names.add("field-" + i);
    }
    Collections.shuffle(names, new Random(1));
    StructBuilder builder = new StructBuilder();
    names.forEach(name -> builder.put(name, name));

    assertThat(builder.put("field-77", "again")).isEqualTo("field-77");
    assertThat(builder.put("another", "x")).isNull();
    Struct struct = builder.build();

    assertThat(struct.size()).isEqualTo(5_001);
    assertThat(struct.names()).isSorted();
    assertThat(struct.string("field-77")).isEqualTo("again");
    assertThat(struct.string("field-4999")).isEqualTo("field-4999");
  }

  @Test
  void equalFieldsMakeEqualStructs() {
    Struct same = Json.struct(Json.bytes(POD));

    assertThat(same).isEqualTo(POD).hasSameHashCodeAs(POD);
    assertThat(same.with("n", 4L)).isNotEqualTo(POD);
  }
}
