package dev.tiphys.schema.validation.custom;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.schema.Objects;
import dev.tiphys.schema.validation.FieldErrors;
import dev.tiphys.schema.validation.FieldValue;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ObjectRulesTest {

  private static final Struct SCHEMA =
      Yaml.struct(
          """
          type: object
          properties:
            spec:
              type: object
              required: [size]
              maxProperties: 4
              properties:
                size: {type: integer, minimum: 1, maximum: 10}
                share: {type: number, minimum: 0, exclusiveMinimum: true, maximum: 1.5}
                color: {type: string, enum: [red, blue]}
                note: {type: string, minLength: 2, maxLength: 4}
                maybe: {type: string, nullable: true}
                port: {x-kubernetes-int-or-string: true}
                labels: {type: object, additionalProperties: {type: string}}
                tags: {type: array, minItems: 1, maxItems: 2, items: {type: string}}
                parts:
                  type: array
                  x-kubernetes-list-type: map
                  x-kubernetes-list-map-keys: [name]
                  items:
                    type: object
                    required: [name, count]
                    properties: {name: {type: string}, count: {type: integer, minimum: 1}}
          """);

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      textBlock =
          """
          {'size':1}                  ; []
          {}                          ; [spec.size: Required value]
          {'size':'1'}                ; [spec.size: Invalid value: "string": spec.size in body must be of type integer: "string"]
          {'size':1.5}                ; [spec.size: Invalid value: "number": spec.size in body must be of type integer: "number"]
          {'size':null}               ; [spec.size: Invalid value: "null": spec.size in body must be of type integer: "null"]
          {'size':0}                  ; [spec.size: Invalid value: 0: spec.size in body should be greater than or equal to 1]
          {'size':11}                 ; [spec.size: Invalid value: 11: spec.size in body should be less than or equal to 10]
          {'size':1,'share':0}        ; [spec.share: Invalid value: 0: spec.share in body should be greater than 0]
          {'size':1,'share':1.6}      ; [spec.share: Invalid value: 1.6: spec.share in body should be less than or equal to 1.5]
          {'size':1,'color':'green'}  ; [spec.color: Unsupported value: "green": supported values: "red", "blue"]
          {'size':1,'note':'é'}       ; [spec.note: Invalid value: "é": spec.note in body should be at least 2 chars long]
          {'size':1,'note':'ééééé'}   ; [spec.note: Too long: may not be more than 4 bytes]
          {'size':1,'note':'éééé'}    ; []
          {'size':1,'maybe':null}     ; []
          {'size':1,'port':'http'}    ; []
          {'size':1,'port':80}        ; []
          {'size':1,'port':true}      ; [spec.port: Invalid value: "boolean": spec.port in body must be of type integer,string: "boolean"]
          {'size':1,'labels':{'a':1}} ; [spec.labels.a: Invalid value: "integer": spec.labels.a in body must be of type string: "integer"]
          {'size':1,'tags':[]}        ; [spec.tags: Invalid value: 0: spec.tags in body should have at least 1 items]
          {'size':1,'tags':['a','b','c']} ; [spec.tags: Too many: 3: must have at most 2 items]
          {'size':1,'tags':['a',true]} ; [spec.tags[1]: Invalid value: "boolean": spec.tags[1] in body must be of type string: "boolean"]
          {'size':1,'parts':[{'name':'a'}]} ; [spec.parts[0].count: Required value]
          {'size':1,'maybe':'a','note':'abc','port':1,'color':'red'} ; [spec: Too many: 5: must have at most 4 items]
          """)
  void objectsAreHeldToTheSchema(String spec, String errors) {
    FieldErrors found = new FieldErrors();

    new ObjectRules(SCHEMA).check(FieldValue.top(found, object(spec)), null);

    assertThat(found).hasToString(errors);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      textBlock =
          """
          # before ; now ; errors
          {'size':0}             ; {'size':0,'note':'abc'} ; []
          {'size':0}             ; {'size':-1}             ; [spec.size: Invalid value: -1: spec.size in body should be greater than or equal to 1]
          {'size':1,'parts':[{'name':'a','count':0}]} ; {'size':1,'parts':[{'name':'b','count':1},{'name':'a','count':0}]} ; []
          {'size':1,'tags':['a',true]} ; {'size':1,'tags':[true]} ; [spec.tags[0]: Invalid value: "boolean": spec.tags[0] in body must be of type string: "boolean"]
          """)
  void whatHasStayedIsLetPass(String before, String now, String errors) {
    FieldErrors found = new FieldErrors();

    new ObjectRules(SCHEMA).check(FieldValue.top(found, object(now)), object(before));

    assertThat(found).hasToString(errors);
  }

  private static Struct object(String spec) {
    return Struct.of("spec", Objects.json(spec));
  }
}
