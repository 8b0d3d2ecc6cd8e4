package dev.tiphys.schema.validation.custom;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.schema.Objects;
import dev.tiphys.schema.validation.FieldErrors;
import dev.tiphys.schema.validation.FieldValue;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EmbeddedRulesTest {

  private static final Struct SCHEMA =
      Yaml.struct(
          """
          type: object
          properties:
            one: {type: object, x-kubernetes-embedded-resource: true, x-kubernetes-preserve-unknown-fields: true}
            list: {type: array, items: {type: object, x-kubernetes-embedded-resource: true, x-kubernetes-preserve-unknown-fields: true}}
          """);

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      textBlock =
          """
          {'one':{'apiVersion':'v1','kind':'Pod'}} ; []
          {'one':{'apiVersion':'v1','kind':'Pod','metadata':{'name':'a','namespace':'b'}}} ; []
          {'one':{}} ; [one.apiVersion: Required value: must not be empty, one.kind: Required value: must not be empty]
          {'one':{'apiVersion':'','kind':''}} ; [one.apiVersion: Invalid value: "": must not be empty, one.kind: Invalid value: "": must not be empty]
          {'one':{'apiVersion':'a/b/c','kind':'Pod'}} ; [one.apiVersion: Invalid value: "a/b/c": unexpected GroupVersion string: a/b/c]
          {'list':[{'apiVersion':'v1','kind':'Pod','metadata':{'name':'a/b'}}]} ; [list[0].metadata.name: Invalid value: "a/b": may not contain '/']
          """)
  void objectsWithinAnObjectAreObjects(String object, String errors) {
    FieldErrors found = new FieldErrors();

    new ObjectRules(SCHEMA).check(FieldValue.top(found, Objects.json(object)), null);

    assertThat(found).hasToString(errors);
  }
}
