package dev.tiphys.object.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.object.merge.MergeShape.MapShape;
import dev.tiphys.object.merge.MergeShape.Ownership;
import dev.tiphys.object.merge.MergeShape.Scalars;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MergeTest {

  private static final MergeShape TEXT = MergeShape.ofScalars(Scalars.STRING);
  private static final MergeShape NUMBER = MergeShape.ofScalars(Scalars.NUMBER);

  /// A port has the number `p`, and the protocol `q`, which is TCP if it is absent.
  private static final MergeShape PORT = struct(Map.of("p", NUMBER, "q", TEXT, "name", TEXT));

  private static final MergeShape SHAPE =
      struct(
          Map.of(
              "text", TEXT,
              "number", NUMBER,
              "truth", MergeShape.ofScalars(Scalars.BOOLEAN),
              "map", MergeShape.ofEntries(false, TEXT),
              "whole", MergeShape.ofEntries(true, TEXT),
              "list", MergeShape.ofList(Ownership.ATOMIC, List.of(), TEXT),
              "set", MergeShape.ofList(Ownership.SET, List.of(), TEXT),
              "ports", MergeShape.ofList(Ownership.MAP, List.of("p", "q"), PORT),
              "inner", struct(Map.of("text", TEXT)),
              "any", MergeShape.DEDUCED));

  private static MergeShape struct(Map<String, MergeShape> fields) {
    return MergeShape.ofMap(
        new MapShape() {
          @Override
          public boolean isAtomic() {
            return false;
          }

          @Override
          public boolean declares(String field) {
            return fields.containsKey(field);
          }

          @Override
          public @Nullable MergeShape field(String name) {
            return fields.get(name);
          }

          @Override
          public @Nullable Object fallback(String field) {
            return field.equals("q") ? "TCP" : null;
          }
        });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        // before; after; added; modified; removed
        "{'text':'a'}; {'text':'a'}; {}; {}; {}",
        "{}; {'text':'a'}; {'f:text':{}}; {}; {}",
        "{'text':'a'}; {'text':'b'}; {}; {'f:text':{}}; {}",
        "{'text':'a'}; {}; {}; {}; {'f:text':{}}",
        "{'number':1}; {'number':1.0}; {}; {}; {}",
        // a map that is new is added itself
        "{}; {'map':{'a':'b'}}; {'f:map':{'.':{},'f:a':{}}}; {}; {}",
        "{'map':{}}; {'map':{'a':'b'}}; {'f:map':{'f:a':{}}}; {}; {}",
        "{'map':null}; {'map':{'a':'b'}}; {'f:map':{'f:a':{}}}; {}; {}",
        "{}; {'map':{}}; {'f:map':{}}; {}; {}",
        "{'map':{}}; {'map':null}; {}; {'f:map':{}}; {}",
        "{'map':{'a':'b'}}; {}; {}; {}; {'f:map':{'.':{},'f:a':{}}}",
        "{'whole':{'a':'b'}}; {'whole':{'a':'c','d':'e'}}; {}; {'f:whole':{}}; {}",
        "{'list':['a']}; {'list':['a','b']}; {}; {'f:list':{}}; {}",
        // the order of sets and of keyed lists does not count
        "{'set':['a','b']}; {'set':['b','a']}; {}; {}; {}",
        "{'set':['a']}; {'set':['a','b']}; {'f:set':{'v:\\\"b\\\"':{}}}; {}; {}",
        "{'ports':[{'p':1,'name':'x'}]}; {'ports':[{'p':1,'q':'TCP','name':'y'}]};"
            + " {'f:ports':{'k:{\\\"p\\\":1,\\\"q\\\":\\\"TCP\\\"}':{'f:q':{}}}};"
            + " {'f:ports':{'k:{\\\"p\\\":1,\\\"q\\\":\\\"TCP\\\"}':{'f:name':{}}}}; {}",
        // elements of the same key are one value
        "{'set':['a','a']}; {'set':['a','a']}; {}; {}; {}",
        "{'set':['a']}; {'set':['a','a']}; {'f:set':{'v:\\\"a\\\"':{}}}; {};"
            + " {'f:set':{'v:\\\"a\\\"':{}}}",
        // what has no schema is compared by its form
        "{'any':{'a':1}}; {'any':{'a':2}}; {}; {'f:any':{'f:a':{}}}; {}",
        "{'any':{'a':1}}; {'any':'x'}; {}; {'f:any':{}}; {'f:any':{'f:a':{}}}",
        "{'any':'x'}; {'any':{'a':1}}; {'f:any':{'f:a':{}}}; {'f:any':{}}; {}",
      })
  void compares(String before, String after, String added, String modified, String removed) {
    Comparison comparison = Comparison.of(json(before), json(after), SHAPE);
    assertThat(comparison.added()).isEqualTo(set(added));
    assertThat(comparison.modified()).isEqualTo(set(modified));
    assertThat(comparison.removed()).isEqualTo(set(removed));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{'text':'a','inner':{'text':'b'}}; {'f:text':{},'f:inner':{'f:text':{}}}",
        "{'inner':{}}; {'f:inner':{}}",
        "{'inner':null}; {'f:inner':{}}",
        "{'map':{'a':'b'}}; {'f:map':{'f:a':{}}}",
        "{'map':{}}; {'f:map':{}}",
        "{'whole':{'a':'b'}}; {'f:whole':{}}",
        "{'list':[]}; {'f:list':{}}",
        "{'set':[]}; {}",
        "{'set':null}; {'f:set':{}}",
        "{'set':['a']}; {'f:set':{'v:\\\"a\\\"':{}}}",
        "{'set':['a','a']}; {'f:set':{'v:\\\"a\\\"':{}}}",
        "{'ports':[{'p':1}]}; {'f:ports':{'k:{\\\"p\\\":1,\\\"q\\\":\\\"TCP\\\"}':{'.':{},'f:p':{}}}}",
        "{'any':{'a':{'b':[1]}}}; {'f:any':{'f:a':{'.':{},'f:b':{}}}}",
      })
  void ownsAllThatIsSaid(String object, String fields) {
    assertThat(FieldSets.of(json(object), SHAPE)).isEqualTo(set(fields));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{'text':'a'}; {'number':1}; {'text':'a','number':1}",
        "{'map':{'a':'b'}}; {'map':{'c':'d'}}; {'map':{'a':'b','c':'d'}}",
        "{'whole':{'a':'b'}}; {'whole':{'c':'d'}}; {'whole':{'c':'d'}}",
        "{'list':['a']}; {'list':['b']}; {'list':['b']}",
        "{'text':'a'}; {'text':null}; {'text':null}",
        "{'map':{}}; {'map':null}; {'map':null}",
        // null does not remove what others may own
        "{'map':{'a':'b'}}; {'map':null}; {'map':{'a':'b'}}",
        // what is wanted comes in its order, the rest as early as it can
        "{'set':['a','b']}; {'set':['c']}; {'set':['a','b','c']}",
        "{'set':['a','b','c']}; {'set':['c','a']}; {'set':['b','c','a']}",
        "{'set':['a','b','c']}; {'set':['a','c']}; {'set':['a','b','c']}",
        "{'set':['1','2','3']}; {'set':['3','4','1']}; {'set':['2','3','4','1']}",
        "{'ports':[{'p':1,'name':'x'},{'p':2}]}; {'ports':[{'p':2,'q':'TCP'}]};"
            + " {'ports':[{'p':1,'name':'x'},{'p':2,'q':'TCP'}]}",
        // elements of the same key stay, until one of them is said
        "{'set':['a','b','a']}; {'set':['c']}; {'set':['a','b','a','c']}",
        "{'set':['a','b','a']}; {'set':['a']}; {'set':['a','b']}",
        "{'any':{'a':{'b':1}}}; {'any':{'a':{'c':2}}}; {'any':{'a':{'b':1,'c':2}}}",
        "{'any':{'a':[1]}}; {'any':{'a':[2]}}; {'any':{'a':[2]}}",
        "{'any':'x'}; {'any':{'a':1}}; {'any':{'a':1}}",
      })
  void merges(String live, String wanted, String merged) {
    assertThat(Merging.merge(json(live), json(wanted), SHAPE)).isEqualTo(json(merged));
  }

  @Test
  void sharesWhatDoesNotChange() {
    Struct live = json("{'map':{'a':'b'},'inner':{'text':'c'},'list':['d']}");
    Struct merged = Merging.merge(live, json("{'map':{'a':'b'},'list':['d']}"), SHAPE);
    assertThat(merged).isSameAs(live);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{'text':'a','number':1}; {'f:text':{}}; {'number':1}",
        "{'map':{'a':'b','c':'d'}}; {'f:map':{'f:a':{}}}; {'map':{'c':'d'}}",
        "{'map':{'a':'b'}}; {'f:map':{'f:a':{}}}; {'map':null}",
        "{'map':{'a':'b'}}; {'f:map':{}}; {}",
        "{'set':['a','b']}; {'f:set':{'v:\\\"a\\\"':{}}}; {'set':['b']}",
        "{'ports':[{'p':1,'name':'x'}]};"
            + " {'f:ports':{'k:{\\\"p\\\":1,\\\"q\\\":\\\"TCP\\\"}':{'f:name':{}}}}; {'ports':[{'p':1}]}",
        "{'text':'a'}; {'f:number':{}}; {'text':'a'}",
      })
  void removes(String object, String gone, String rest) {
    assertThat(Removing.remove(json(object), set(gone), SHAPE)).isEqualTo(json(rest));
  }

  @Test
  void keepsTheEmptyValueThatIsWanted() {
    assertThat(Removing.withEmpty(json("{'map':null,'set':null}"), json("{'map':{},'set':null}")))
        .isEqualTo(json("{'map':{},'set':null}"));
    assertThat(Removing.withEmpty(json("{'map':{'a':'b'}}"), json("{'map':{}}")))
        .isEqualTo(json("{'map':{'a':'b'}}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        // fields; those that become atomic are owned whole; those that are declared on the way
        "{'f:whole':{'.':{},'f:a':{}}}; {'f:whole':{}}; {'f:whole':{'.':{},'f:a':{}}}",
        "{'f:list':{'i:0':{}}}; {'f:list':{}}; {'f:list':{'.':{},'i:0':{}}}",
        "{'f:map':{'f:a':{}}}; {'f:map':{'f:a':{}}}; {'f:map':{'.':{},'f:a':{}}}",
        "{'f:any':{'f:a':{'f:b':{}}}}; {'f:any':{'f:a':{'f:b':{}}}}; {'f:any':{'.':{},'f:a':{'f:b':{}}}}",
        "{'f:gone':{'f:a':{}}}; {'f:gone':{'f:a':{}}}; {'f:gone':{'f:a':{}}}",
      })
  void fitsSetsToTheSchema(String fields, String reconciled, String declared) {
    assertThat(FieldSets.reconciled(set(fields), SHAPE)).isEqualTo(set(reconciled));
    assertThat(FieldSets.withDeclared(set(fields), SHAPE)).isEqualTo(set(declared));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{'foo':1}; .foo: field not declared in schema",
        "{'inner':{'foo':1}}; .inner.foo: field not declared in schema",
        "{'number':'a'}; .number: expected numeric (int or float), got string",
        "{'truth':'a'}; .truth: expected boolean, got &{a}",
        "{'text':1}; .text: expected string, got &value.valueUnstructured{Value:1}",
        "{'map':'a'}; .map: expected map, got &{a}",
        "{'set':'a'}; .set: expected list, got &{a}",
        "{'set':['a','a']}; .set: duplicate entries for key [=\"a\"]",
        "{'set':[{}]}; .set: element 0: associative list without keys has an element that's a map type",
        "{'ports':[{}]}; .ports: element 0: associative list with keys has an element that omits key"
            + " field \"p\" (and doesn't have default value)",
        "{'ports':[{'p':1},{'p':1,'q':'TCP'}]}; .ports: duplicate entries for key [p=1,q=\"TCP\"]",
        "{'ports':[{'p':1,'foo':2}]}; .ports[p=1,q=\"TCP\"].foo: field not declared in schema",
        "{'number':'a','truth':1}; errors:|  .number: expected numeric (int or float), got string|"
            + "  .truth: expected boolean, got &{1}",
      })
  void tellsWhatDoesNotFit(String object, String problem) {
    assertThatThrownBy(() -> MergeTyping.check(json(object), SHAPE))
        .isInstanceOf(MergeException.class)
        .hasMessage(problem.replace('|', '\n'));
  }

  @Test
  void nullFitsEverywhere() {
    MergeTyping.check(json("{'text':null,'map':null,'set':null,'any':[{'a':null}]}"), SHAPE);
  }

  private static FieldSet set(String tree) {
    return FieldsV1.set(json(tree));
  }

  private static Struct json(String single) {
    return Json.struct(single.replace('\'', '"'));
  }
}
