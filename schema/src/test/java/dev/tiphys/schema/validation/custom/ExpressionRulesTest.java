package dev.tiphys.schema.validation.custom;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.schema.Objects;
import dev.tiphys.schema.validation.FieldErrors;
import dev.tiphys.schema.validation.FieldValue;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpressionRulesTest {

  private static final Struct SCHEMA =
      Yaml.struct(
          """
          type: object
          x-kubernetes-validations:
          - {rule: "self.metadata.name != 'bad'", message: bad name}
          properties:
            spec:
              type: object
              x-kubernetes-validations:
              - {rule: "!has(self.low) || !has(self.high) || self.low <= self.high", messageExpression: "'low is more than ' + string(self.high)", reason: FieldValueForbidden, fieldPath: .low}
              - {rule: "!has(self.either) || self.either > 3"}
              - {rule: "!has(self.at) || self.at[0] == 'x'", message: " starts with x "}
              - {rule: "!has(self.two) || self.two[0] + self.two[1] == self.two[1]", message: not all within}
              - {rule: "!has(self.set) || self.set + ['a'] == self.set && self.set == ['b', 'a']", message: not a and b}
              - {rule: "!has(self.nothing)", message: something}
              - {rule: "!has(self.broken)", messageExpression: "self.at[9]", message: fallback}
              properties:
                low: {type: integer, x-kubernetes-validations: [{rule: "self >= oldSelf", message: may not sink}]}
                high: {type: integer}
                either: {x-kubernetes-int-or-string: true}
                broken: {type: boolean}
                at: {type: array, items: {type: string}}
                once: {type: string, maxLength: 3, x-kubernetes-validations: [{rule: "oldSelf.hasValue() ? oldSelf.value() == self : self != 'no'", optionalOldSelf: true, message: once and for all}]}
                text: {type: string, x-kubernetes-validations: [{rule: "self.startsWith('a')", reason: FieldValueDuplicate}]}
                parts:
                  type: array
                  x-kubernetes-list-type: map
                  x-kubernetes-list-map-keys: [name]
                  items:
                    type: object
                    properties: {name: {type: string}, size: {type: integer}}
                    x-kubernetes-validations: [{rule: "self.size >= oldSelf.size", message: parts grow}, {rule: "self.size < 100"}]
                two: {type: array, items: {type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [name], items: {type: object, properties: {name: {type: string}, size: {type: integer}}}}}
                set: {type: array, x-kubernetes-list-type: set, items: {type: string}}
                nothing: {type: string, nullable: true}
                costly: {type: array, items: {type: integer}, x-kubernetes-validations: [{rule: "self.all(a, self.all(b, self.all(c, a + b + c > 0)))"}]}
                map: {type: object, additionalProperties: {type: string, x-kubernetes-validations: [{rule: "self != 'x'"}]}}
            status: {type: object, properties: {phase: {type: string, x-kubernetes-validations: [{rule: "self != 'x'"}]}}}
          """);

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      textBlock =
          """
          {'low':1,'high':2} ~ []
          {'low':3,'high':2} ~ [spec.low: Forbidden: low is more than 2]
          {'either':5} ~ []
          {'either':1} ~ [spec: Invalid value: failed rule: !has(self.either) || self.either > 3]
          {'either':'a'} ~ [spec: Invalid value: "object": 'no such overload': call arguments did not match a supported operator, function or macro signature for rule: !has(self.either) || self.either > 3]
          {'at':[]} ~ [spec: Invalid value: "object": index out of bounds: 0 evaluating rule: starts with x]
          {'at':['y']} ~ [spec: Invalid value: starts with x]
          {'at':['x'],'broken':true} ~ [spec: Invalid value: fallback]
          {'two':[[{'name':'a','size':1},{'name':'b','size':1}],[{'name':'b'},{'name':'a','size':2}]]} ~ []
          {'two':[[{'name':'a','size':1},{'name':'b','size':1}],[{'name':'b'}]]} ~ [spec: Invalid value: not all within]
          {'set':['a','b']} ~ []
          {'set':['b','c']} ~ [spec: Invalid value: not a and b]
          {'nothing':null} ~ []
          {'nothing':'x'} ~ [spec: Invalid value: something]
          {'text':'b'} ~ [spec.text: Duplicate value: "b"]
          {'once':'no'} ~ [spec.once: Invalid value: "no": once and for all]
          {'once':'yes'} ~ []
          {'map':{'a':'x'}} ~ [spec.map[a]: Invalid value: "x": failed rule: self != 'x']
          {'parts':[{'name':'a','size':100}]} ~ [spec.parts[0]: Invalid value: failed rule: self.size < 100]
          {'once':'long','either':1} ~ [spec.once: Too long: may not be more than 3 bytes, <nil>: Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation]
          """)
  void rulesHoldForNewObjects(String spec, String errors) {
    assertThat(errors(object("a", spec), null)).hasToString(errors);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      textBlock =
          """
          # before ~ now ~ errors
          {'low':1} ~ {'low':2} ~ []
          {'low':2} ~ {'low':1} ~ [spec.low: Invalid value: 1: may not sink]
          {} ~ {'low':1} ~ []
          {'once':'a'} ~ {'once':'b'} ~ [spec.once: Invalid value: "b": once and for all]
          {'parts':[{'name':'a','size':5},{'name':'b','size':1}]} ~ {'parts':[{'name':'b','size':1},{'name':'a','size':4}]} ~ [spec.parts[1]: Invalid value: parts grow]
          {'parts':[{'name':'a','size':5}]} ~ {'parts':[{'name':'b','size':4}]} ~ []
          {'text':'b'} ~ {'text':'b','high':1} ~ []
          {'text':'b'} ~ {'text':'c'} ~ [spec.text: Duplicate value: "c"]
          {'either':1} ~ {'either':1} ~ []
          {'either':1} ~ {'either':1,'high':1} ~ [spec: Invalid value: failed rule: !has(self.either) || self.either > 3]
          {'parts':[{'name':'a','size':200}]} ~ {'high':1,'parts':[{'name':'a','size':200}]} ~ []
          {'map':{'a':'x'}} ~ {'map':{'a':'x','b':'y'}} ~ []
          """)
  void rulesHoldForChanges(String before, String now, String errors) {
    assertThat(errors(object("a", now), object("a", before))).hasToString(errors);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      textBlock =
          """
          bad ~ [<nil>: Invalid value: bad name]
          good ~ []
          """)
  void rulesOfTheWholeObjectKnowItsName(String name, String errors) {
    assertThat(errors(object(name, "{}"), null)).hasToString(errors);
  }

  @ParameterizedTest
  @CsvSource({"20,true", "200,false"})
  void evaluationEndsWithinABudget(int size, boolean fits) {
    StringBuilder numbers = new StringBuilder("1");
    numbers.append(",1".repeat(size - 1));

    FieldErrors errors = errors(object("a", "{'costly':[" + numbers + "]}"), null);

    assertThat(errors.toString())
        .isEqualTo(
            fits
                ? "[]"
                : "[spec.costly: Invalid value: \"array\": 'operation cancelled: actual cost limit"
                    + " exceeded': no further validation rules will be run due to call cost exceeds"
                    + " limit for rule: self.all(a, self.all(b, self.all(c, a + b + c > 0)))]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      textBlock =
          """
          {'phase':'x'} ~ [status.phase: Invalid value: "x": failed rule: self != 'x']
          {'phase':'y'} ~ []
          {'phase':1} ~ [status.phase: Invalid value: "integer": status.phase in body must be of type string: "integer", <nil>: Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation]
          """)
  void aStatusIsHeldToItsRules(String status, String errors) {
    FieldErrors found = new FieldErrors();
    Struct before = object("a", "{}");
    Struct now = before.with("status", Objects.json(status));

    new ObjectRules(SCHEMA).checkStatus(FieldValue.top(found, now), before);

    assertThat(found).hasToString(errors);
  }

  private static Struct object(String name, String spec) {
    return Objects.json(
        "{'apiVersion':'example.com/v1','kind':'Foo','metadata':{'name':'"
            + name
            + "'},'spec':"
            + spec
            + "}");
  }

  private static FieldErrors errors(Struct now, Struct before) {
    FieldErrors errors = new FieldErrors();
    new ObjectRules(SCHEMA).check(FieldValue.top(errors, now), before);
    return errors;
  }
}
