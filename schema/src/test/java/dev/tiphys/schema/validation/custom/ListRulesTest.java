package dev.tiphys.schema.validation.custom;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.schema.Objects;
import dev.tiphys.schema.validation.FieldErrors;
import dev.tiphys.schema.validation.FieldValue;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListRulesTest {

  private static final Struct SCHEMA =
      Yaml.struct(
          """
          type: object
          properties:
            set: {type: array, x-kubernetes-list-type: set, items: {type: string}}
            atomic: {type: array, items: {type: string}}
            byName:
              type: array
              x-kubernetes-list-type: map
              x-kubernetes-list-map-keys: [name]
              items:
                type: object
                properties: {name: {type: string}, inner: {type: array, x-kubernetes-list-type: set, items: {type: integer}}}
            byTwo:
              type: array
              x-kubernetes-list-type: map
              x-kubernetes-list-map-keys: [port, protocol]
              items: {type: object, properties: {port: {type: integer}, protocol: {type: string}}}
            sets: {type: object, additionalProperties: {type: array, x-kubernetes-list-type: set, items: {type: string}}}
          """);

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      textBlock =
          """
          {'set':['a','b']} ; []
          {'set':['a','b','a','a']} ; [set[2]: Duplicate value: "a"]
          {'atomic':['a','a']} ; []
          {'byName':[{'name':'a'},{'name':'b'}]} ; []
          {'byName':[{'name':'a'},{'name':'a'}]} ; [byName[1]: Duplicate value: {"name":"a"}]
          {'byName':[{},{}]} ; [byName[1]: Duplicate value: {}]
          {'byName':[{'name':'a','inner':[1,1]}]} ; [byName[0].inner[1]: Duplicate value: 1]
          {'byTwo':[{'port':1,'protocol':'a'},{'port':1,'protocol':'b'}]} ; []
          {'byTwo':[{'port':1,'protocol':'a'},{'port':1,'protocol':'a'}]} ; [byTwo[1]: Duplicate value: {"port":1,"protocol":"a"}]
          {'sets':{'x':['a','a']}} ; [sets[x][1]: Duplicate value: "a"]
          """)
  void nothingIsTwiceInASetOrUnderAKey(String object, String errors) {
    assertThat(errors(object, null)).hasToString(errors);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      textBlock =
          """
          {'set':['a','a']} ; {'set':['b','b']} ; []
          {'set':['a']} ; {'set':['b','b']} ; [set[1]: Duplicate value: "b"]
          """)
  void whereSomethingWasTwiceBeforeItMayBe(String before, String now, String errors) {
    assertThat(errors(now, before)).hasToString(errors);
  }

  private static FieldErrors errors(String now, String before) {
    FieldErrors errors = new FieldErrors();
    Struct old = before == null ? null : Objects.json(before);
    new ObjectRules(SCHEMA).check(FieldValue.top(errors, Objects.json(now)), old);
    return errors;
  }
}
