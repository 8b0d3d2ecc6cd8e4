package dev.tiphys.schema.warnings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.schema.Objects;
import dev.tiphys.schema.structural.StructuralSchema;
import org.junit.jupiter.api.Test;

class CustomWarningsTest {

  private static final StructuralSchema SCHEMA =
      StructuralSchema.of(
          new GroupVersion("example.com", "v1"),
          "Foo",
          Yaml.struct(
              """
              type: object
              properties:
                size: {type: integer, x-kubernetes-validations: [{rule: "self > 1", message: too small}]}
                other: {type: integer}
              """));

  @Test
  void newFinalizersBelongToADomain() {
    Subject now =
        Subject.top(
            Objects.json(
                "{'metadata':{'finalizers':['b.c','kubernetes','a','example.com/x','old']}}"));

    CustomWarnings.changed(now, Objects.json("{'metadata':{'finalizers':['old']}}"), SCHEMA);

    assertThat(now.warnings())
        .containsExactly(
            "metadata.finalizers: \"a\": prefer a domain-qualified finalizer name to avoid"
                + " accidental conflicts with other finalizer writers",
            "metadata.finalizers: \"b.c\": prefer a domain-qualified finalizer name including a path"
                + " (/) to avoid accidental conflicts with other finalizer writers");
  }

  @Test
  void rulesThatWereBrokenBeforeAreStillTold() {
    Struct before = Objects.json("{'size':1}");
    Subject now = Subject.top(Objects.json("{'size':1,'other':2}"));

    CustomWarnings.changed(now, before, SCHEMA);

    assertThat(now.warnings()).containsExactly("size: Invalid value: 1: too small");
  }
}
