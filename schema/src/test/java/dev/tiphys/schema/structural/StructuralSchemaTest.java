package dev.tiphys.schema.structural;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.schema.DecodingException;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.schema.Objects;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StructuralSchemaTest {

  private static final GroupVersion VERSION = new GroupVersion("stable.example.com", "v1");

  private static final StructuralSchema SCHEMA =
      schema(
          """
          type: object
          properties:
            spec:
              type: object
              properties:
                size: {type: integer, default: 3}
                color: {type: string, nullable: true, default: red}
                note: {type: string}
                maybe: {type: string, nullable: true}
                nothing: {type: string, nullable: true, default: null}
                texts: {type: object, additionalProperties: {type: string}}
                nulls: {type: object, additionalProperties: {type: string, nullable: true}}
                labels: {type: object, additionalProperties: {type: string, default: none}}
                parts:
                  type: array
                  items: {type: object, properties: {name: {type: string}, count: {type: integer, default: 1}}}
                inner: {type: object, default: {}, properties: {depth: {type: integer, default: 7}}}
                free:
                  type: object
                  x-kubernetes-preserve-unknown-fields: true
                  properties:
                    strict: {type: object, properties: {a: {type: string}}}
                any: {type: object, additionalProperties: true}
                pod: {type: object, x-kubernetes-embedded-resource: true}
          """);

  private static StructuralSchema schema(String yaml) {
    return StructuralSchema.of(VERSION, "Thing", Yaml.struct(yaml));
  }

  /// What an object with this spec comes to be, and which fields are not known.
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      textBlock =
          """
          # spec ; pruned ; unknown
          {'note':'n'}                            ; {'note':'n'}                       ; ``
          {'nope':1,'note':'n'}                   ; {'note':'n'}                       ; spec.nope
          {'parts':[{'name':'a'},{'nam':'b'}]}    ; {'parts':[{'name':'a'},{}]}        ; spec.parts[1].nam
          {'labels':{'a':'b'}}                    ; {'labels':{'a':'b'}}               ; ``
          {'free':{'x':{'y':1}}}                  ; {'free':{'x':{'y':1}}}             ; ``
          {'free':{'strict':{'a':'1','b':'2'}}}   ; {'free':{'strict':{'a':'1'}}}      ; spec.free.strict.b
          {'any':{'x':1}}                         ; {'any':{'x':1}}                    ; ``
          {'any':{'x':{'y':1}}}                   ; {'any':{'x':{}}}                   ; spec.any.x.y
          {'pod':{'apiVersion':'v1','kind':'Pod','metadata':{'name':'p','nope':1},'spec':{}}} ; {'pod':{'apiVersion':'v1','kind':'Pod','metadata':{'name':'p'}}} ; spec.pod.metadata.nope,spec.pod.spec
          {'kind':'Pod'}                          ; {}                                 ; spec.kind
          {'note':null,'maybe':null,'size':null}  ; {'maybe':null,'size':null}         ; ``
          {'size':'not a number'}                 ; {'size':'not a number'}            ; ``
          {'texts':{'a':null,'b':'c'}}            ; {'texts':{'b':'c'}}                ; ``
          {'nulls':{'a':null,'b':'c'}}            ; {'nulls':{'a':null,'b':'c'}}       ; ``
          {'any':{'x':null}}                      ; {'any':{'x':null}}                 ; ``
          """)
  void unknownFieldsAreDroppedAndTold(String spec, String pruned, String unknown) {
    List<String> found = new ArrayList<>();

    Struct after = SCHEMA.normalize(Struct.of("spec", Objects.json(spec)), found::add);

    assertThat(after.struct("spec")).isEqualTo(Objects.json(pruned));
    assertThat(String.join(",", found)).isEqualTo(unknown);
    assertThat(SCHEMA.normalize(after)).isSameAs(after);
  }

  @Test
  void objectsHaveMetadataWhateverTheSchemaSays() {
    List<String> found = new ArrayList<>();
    Struct sent =
        Objects.json("{'apiVersion':'a/v1','kind':'K','extra':1,'metadata':{'name':'n','foo':1}}");

    assertThat(SCHEMA.normalize(sent, found::add))
        .isEqualTo(Objects.json("{'apiVersion':'a/v1','kind':'K','metadata':{'name':'n'}}"));
    assertThat(found).containsExactly("extra", "metadata.foo");
    assertThatThrownBy(() -> SCHEMA.normalize(Objects.json("{'metadata':'text'}")))
        .isInstanceOf(DecodingException.class);
  }

  /// What a spec is with its defaults.
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      textBlock =
          """
          {}                            ; {'size':3,'color':'red','inner':{'depth':7}}
          {'size':null,'color':null}    ; {'size':3,'color':null,'inner':{'depth':7}}
          {'size':1,'color':'','inner':{'depth':2}} ; {'size':1,'color':'','inner':{'depth':2}}
          {'parts':[{'name':'a'}]}      ; {'size':3,'color':'red','inner':{'depth':7},'parts':[{'name':'a','count':1}]}
          {'labels':{'a':null,'b':'c'}} ; {'size':3,'color':'red','inner':{'depth':7},'labels':{'a':'none','b':'c'}}
          """)
  void absentFieldsGetTheirDefaults(String spec, String completed) {
    Struct normal = SCHEMA.normalize(Struct.of("spec", Objects.json(spec)));

    Struct whole = SCHEMA.complete(normal);

    assertThat(whole.struct("spec")).isEqualTo(Objects.json(completed));
    assertThat(SCHEMA.complete(whole)).isSameAs(whole);
  }

  @Test
  void whatIsAbsentAsAWholeIsNotFilledIn() {
    assertThat(SCHEMA.complete(Struct.EMPTY)).isEqualTo(Struct.EMPTY);
  }

  @Test
  void fieldsAreSelectedByTheirText() {
    Struct object = Objects.json("{'spec':{'color':'red','size':3,'on':true}}");

    assertThat(SCHEMA.selectable(object, "spec.color")).isEqualTo("red");
    assertThat(SCHEMA.selectable(object, "spec.size")).isEqualTo("3");
    assertThat(SCHEMA.selectable(object, "spec.on")).isEqualTo("true");
    assertThat(SCHEMA.selectable(object, "spec.note")).isEmpty();
  }

  @Test
  void schemasThatSayTheSameAreEqual() {
    assertThat(schema("type: object")).isEqualTo(schema("type: object"));
    assertThat(schema("type: object")).isNotEqualTo(SCHEMA);
    assertThat(SCHEMA.name()).isEqualTo("com.example.stable.v1.Thing");
    assertThat(SCHEMA.shortName()).isEqualTo("Thing");
  }
}
