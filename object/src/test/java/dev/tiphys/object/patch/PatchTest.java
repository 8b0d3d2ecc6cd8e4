package dev.tiphys.object.patch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.object.patch.MergeRules.FieldRules;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PatchTest {

  @Nested
  class AJsonPatch {

    @ParameterizedTest
    @CsvSource(
        delimiter = ';',
        value = {
          "{'a':1}; [{'op':'add','path':'/b','value':2}]; {'a':1,'b':2}",
          "{'a':[1,3]}; [{'op':'add','path':'/a/1','value':2}]; {'a':[1,2,3]}",
          "{'a':[1]}; [{'op':'add','path':'/a/-','value':2}]; {'a':[1,2]}",
          "{'a':{'b':1}}; [{'op':'remove','path':'/a/b'}]; {'a':{}}",
          "{'a':[1,2]}; [{'op':'remove','path':'/a/0'}]; {'a':[2]}",
          "{'a':1}; [{'op':'replace','path':'/a','value':null}]; {'a':null}",
          // a key that is missing is added
          "{'a':1}; [{'op':'replace','path':'/b','value':2}]; {'a':1,'b':2}",
          "{'a':{}}; [{'op':'copy','from':'/a/x','path':'/b'}]; {'a':{},'b':null}",
          // indices from the end, and written in any way
          "{'a':[1,2]}; [{'op':'add','path':'/a/-1','value':3}]; {'a':[1,2,3]}",
          "{'a':[1,2]}; [{'op':'remove','path':'/a/-1'},{'op':'replace','path':'/a/00','value':3}]; {'a':[3]}",
          // what a path has before its first slash does not count
          "{'a':1}; [{'op':'add','path':'data/x','value':2}]; {'a':1,'x':2}",
          "{'a':1}; null; {'a':1}",
          "{'a':1}; [{'op':'move','from':'/a','path':'/b'}]; {'b':1}",
          "{'a':{'x':1}}; [{'op':'copy','from':'/a','path':'/b'}]; {'a':{'x':1},'b':{'x':1}}",
          "{'a/b':1,'c~d':2}; [{'op':'remove','path':'/a~1b'},{'op':'remove','path':'/c~0d'}]; {}",
          "{'a':1}; [{'op':'test','path':'/a','value':1},{'op':'remove','path':'/a'}]; {}",
          "{'a':null}; [{'op':'test','path':'/a','value':null},{'op':'test','path':'/b','value':null}]; {'a':null}",
        })
    void appliesItsOperations(String target, String patch, String result) {
      assertThat(JsonPatch.apply(json(target), json(patch))).isEqualTo(json(result));
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = ';',
        value = {
          "[{'op':'remove','path':'/x'}]; DOES_NOT_APPLY",
          "[{'op':'replace','path':'/x/y','value':1}]; DOES_NOT_APPLY",
          "[{'op':'replace','path':'','value':{}}]; DOES_NOT_APPLY",
          "[{'op':'replace','path':'/l/1','value':1}]; DOES_NOT_APPLY",
          "[{'op':'move','from':'/x','path':'/y'}]; DOES_NOT_APPLY",
          "[{'op':'copy','from':'/l/9','path':'/y'}]; DOES_NOT_APPLY",
          "[{'op':'test','path':'/a','value':null}]; DOES_NOT_APPLY",
          "[{'op':'test','path':'/x/y','value':null}]; DOES_NOT_APPLY",
          "[{'op':'add','path':'/x/y','value':1}]; DOES_NOT_APPLY",
          "[{'op':'add','path':'/l/5','value':1}]; DOES_NOT_APPLY",
          "[{'op':'add','path':'/l/x','value':1}]; DOES_NOT_APPLY",
          "[{'op':'test','path':'/a','value':2}]; DOES_NOT_APPLY",
          "[{'op':'jump','path':'/a'}]; DOES_NOT_APPLY",
          "[{'op':'add','value':1}]; DOES_NOT_APPLY",
          "[{}]; DOES_NOT_APPLY",
          "[1]; MALFORMED",
          "{}; MALFORMED",
        })
    void thatCannotBeAppliedIsRefused(String patch, PatchException.Reason reason) {
      assertThatThrownBy(() -> JsonPatch.apply(json("{'a':1,'l':[1]}"), json(patch)))
          .isInstanceOfSatisfying(
              PatchException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }
  }

  @Nested
  class ALargeJsonPatch {

    /// Each copy doubles the document, so it is refused long before it has grown.
    @Test
    void copiesNoMoreThanAFewMegabytes() {
      Object target = Struct.of("data", Struct.of("k", "v".repeat(10_000)));
      String operations = "{'op':'copy','from':'/data','path':'/data/%d'}";
      Object patch =
          json(
              IntStream.range(0, 60)
                  .mapToObj(operations::formatted)
                  .collect(Collectors.joining(",", "[", "]")));

      assertThatThrownBy(() -> JsonPatch.apply(target, patch))
          .isInstanceOfSatisfying(
              PatchException.class,
              e -> assertThat(e.reason()).isEqualTo(PatchException.Reason.DOES_NOT_APPLY))
          .hasMessageContaining("exceeding the limit 3145728");
    }

    @Test
    void hasNoMoreThanTenThousandOperations() {
      Object most =
          json(
              "["
                  + "{'op':'test','path':'/a','value':1},".repeat(9_999)
                  + "{'op':'test','path':'/a','value':1}]");
      Object more = json("[" + "{'op':'test','path':'/a','value':1},".repeat(10_000) + "{}]");

      assertThat(JsonPatch.apply(json("{'a':1}"), most)).isEqualTo(json("{'a':1}"));
      assertThatThrownBy(() -> JsonPatch.apply(json("{'a':1}"), more))
          .hasMessage("The allowed maximum operations in a JSON patch is 10000, got 10001");
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = ';',
        value = {
          "{}; json: cannot unmarshal object into Go value of type jsonpatch.Patch",
          "true; json: cannot unmarshal bool into Go value of type jsonpatch.Patch",
          "[5]; json: cannot unmarshal number into Go value of type jsonpatch.Operation",
        })
    void thatIsNoneIsRefusedInGosWords(String patch, String message) {
      assertThatThrownBy(() -> JsonPatch.apply(json("{}"), json(patch))).hasMessage(message);
    }
  }

  @Nested
  class AMergePatch {

    /// The examples of RFC 7386, appendix A, as far as they are about objects.
    @ParameterizedTest
    @CsvSource(
        delimiter = ';',
        value = {
          "{'a':'b'}; {'a':'c'}; {'a':'c'}",
          "{'a':'b'}; {'b':'c'}; {'a':'b','b':'c'}",
          "{'a':'b'}; {'a':null}; {}",
          "{'a':'b','b':'c'}; {'a':null}; {'b':'c'}",
          "{'a':['b']}; {'a':'c'}; {'a':'c'}",
          "{'a':'c'}; {'a':['b']}; {'a':['b']}",
          "{'a':{'b':'c'}}; {'a':{'b':'d','c':null}}; {'a':{'b':'d'}}",
          "{'a':[{'b':'c'}]}; {'a':[1]}; {'a':[1]}",
          "{'e':null}; {'a':1}; {'a':1,'e':null}",
          "{}; {'a':{'bb':{'ccc':null}}}; {'a':{'bb':{}}}",
        })
    void mergesStructsAndReplacesTheRest(String target, String patch, String result) {
      assertThat(MergePatch.apply(Json.struct(text(target)), Json.struct(text(patch))))
          .isEqualTo(json(result));
    }
  }

  @Nested
  class AStrategicMergePatch {

    private final MergeRules port = fields(Map.of());
    private final MergeRules container =
        fields(Map.of("ports", new FieldRules(true, "containerPort", false, false, port)));
    private final MergeRules strategy = fields(Map.of());
    private final MergeRules spec =
        fields(
            Map.of(
                "containers", new FieldRules(true, "name", false, false, container),
                "finalizers", new FieldRules(true, null, false, false, null),
                "strategy", new FieldRules(false, null, false, true, strategy),
                "whole", new FieldRules(false, null, true, false, strategy)));

    @ParameterizedTest
    @CsvSource(
        delimiter = ';',
        value = {
          // elements are merged by their key, in the order of the patch
          "{'containers':[{'name':'a','image':'1'}]}; {'containers':[{'name':'b'},{'name':'a','x':2}]};"
              + " {'containers':[{'name':'b'},{'name':'a','image':'1','x':2}]}",
          // new ones come first, unless the patch names one that came before the others
          "{'containers':[{'name':'a'},{'name':'b'}]}; {'containers':[{'name':'n'}]};"
              + " {'containers':[{'name':'n'},{'name':'a'},{'name':'b'}]}",
          "{'containers':[{'name':'a'},{'name':'b'}]}; {'containers':[{'name':'b'},{'name':'n'}]};"
              + " {'containers':[{'name':'a'},{'name':'b'},{'name':'n'}]}",
          // deeper lists too
          "{'containers':[{'name':'a','ports':[{'containerPort':80}]}]};"
              + " {'containers':[{'name':'a','ports':[{'containerPort':443}]}]};"
              + " {'containers':[{'name':'a','ports':[{'containerPort':443},{'containerPort':80}]}]}",
          // an element is deleted
          "{'containers':[{'name':'a'},{'name':'b'}]}; {'containers':[{'$patch':'delete','name':'a'}]};"
              + " {'containers':[{'name':'b'}]}",
          // a list is replaced
          "{'containers':[{'name':'a'}]}; {'containers':[{'$patch':'replace'},{'name':'c'}]};"
              + " {'containers':[{'name':'c'}]}",
          // a list of values is merged, and values are taken out
          "{'finalizers':['a','b']}; {'finalizers':['c','a']}; {'finalizers':['c','a','b']}",
          "{'finalizers':['a','b']}; {'$deleteFromPrimitiveList/finalizers':['a']}; {'finalizers':['b']}",
          // the order the author wants
          "{'containers':[{'name':'a'},{'name':'s'},{'name':'b'}]};"
              + " {'$setElementOrder/containers':[{'name':'b'},{'name':'a'}],'containers':[{'name':'a','x':1}]};"
              + " {'containers':[{'name':'s'},{'name':'b'},{'name':'a','x':1}]}",
          "{'containers':[{'name':'s'},{'name':'a'},{'name':'b'}]};"
              + " {'$setElementOrder/containers':[{'name':'a'},{'name':'n'},{'name':'b'}],'containers':[{'name':'n'}]};"
              + " {'containers':[{'name':'s'},{'name':'a'},{'name':'n'},{'name':'b'}]}",
          // only the named fields are kept
          "{'strategy':{'type':'RollingUpdate','rollingUpdate':{'x':1}}};"
              + " {'strategy':{'$retainKeys':['type'],'type':'Recreate'}}; {'strategy':{'type':'Recreate'}}",
          // replacing and deleting structs
          "{'strategy':{'a':1}}; {'strategy':{'$patch':'replace','b':2}}; {'strategy':{'b':2}}",
          "{'strategy':{'a':1}}; {'strategy':{'$patch':'delete'}}; {'strategy':{}}",
          "{'whole':{'a':1}}; {'whole':{'b':2}}; {'whole':{'b':2}}",
          // a directive where there is nothing to apply it to leaves nothing
          "{'a':1}; {'strategy':{'$patch':'replace','b':2}}; {'a':1}",
          "{'a':1}; {'containers':[{'$patch':'delete','name':'x'},{'name':'y'}]};"
              + " {'a':1,'containers':[{'name':'y'}]}",
          // in lists that are not merged it means nothing
          "{'args':[{'a':1}]}; {'args':[{'$patch':'delete'}]}; {'args':[{'$patch':'delete'}]}",
          // a list in order, without a change of it
          "{'containers':[{'name':'a'},{'name':'b'}]}; {'$setElementOrder/containers':[{'name':'b'},{'name':'a'}]};"
              + " {'containers':[{'name':'b'},{'name':'a'}]}",
          // null deletes, and counts for nothing where there is nothing
          "{'a':1,'b':2}; {'a':null,'c':null,'d':{'e':null,'f':1}}; {'b':2,'d':{'f':1}}",
          // lists without a rule are replaced
          "{'args':[1,2]}; {'args':[3]}; {'args':[3]}",
        })
    void followsTheTypesRules(String target, String patch, String result) {
      assertThat(
              StrategicMergePatch.apply(Json.struct(text(target)), Json.struct(text(patch)), spec))
          .isEqualTo(json(result));
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = ';',
        value = {
          "{'containers':[{'image':'x'}]}; MALFORMED;"
              + " map: map[image:x] does not contain declared merge key: name",
          "{'containers':[{'$patch':'delete'}]}; MALFORMED;"
              + " map: map[$patch:delete] does not contain declared merge key: name",
          "{'containers':[{'name':'a','$patch':'frob'}]}; MALFORMED;"
              + " unknown patch type: frob in map: map[$patch:frob name:a]",
          "{'strategy':{'a':'b','$patch':'merge'}}; MALFORMED;"
              + " unknown patch type: merge in map: map[$patch:merge a:b]",
          "{'finalizers':['n',{'$patch':'replace'}]}; MALFORMED;"
              + " list element types are not identical: [[f] [n map[$patch:replace]]]",
          "{'$setElementOrder/containers':'x'}; MALFORMED;"
              + " expected a []interface {}, but received a string",
          "{'$setElementOrder/containers':null}; MALFORMED;"
              + " expected a []interface {}, but received a %!s(<nil>)",
          "{'$setElementOrder/containers':[1]}; MALFORMED; value for key 0 is not a map",
          "{'$setElementOrder/containers':[{}]}; MALFORMED;"
              + " map: map[] does not contain declared merge key: name",
          "{'$setElementOrder/containers':[1],'containers':[{'name':'a'}]}; MALFORMED;"
              + " expected a map[string]interface {}, but received a int64",
          "{'$setElementOrder/finalizers':[{}]}; MALFORMED;"
              + " invalid patch format of setElementOrder list",
          "{'$setElementOrder/nope':['x']}; MALFORMED;"
              + " unable to find api field in struct Test for the json field \"nope\"",
          "{'$setElementOrder':['x']}; MALFORMED; invalid patch format of setElementOrder list",
          "{'$deleteFromPrimitiveList':['x']}; MALFORMED; invalid patch format of primitive list",
          "{'$deleteFromPrimitiveList/finalizers':[1]}; MALFORMED;"
              + " list element types are not identical: [[f] [1]]",
          "{'strategy':{'$patch':1}}; MALFORMED;"
              + " unknown patch type: %!s(int64=1) in map: map[$patch:1]",
          "{'strategy':{'$patch':['x',null,true]}}; MALFORMED;"
              + " unknown patch type: [x %!s(<nil>) %!s(bool=true)] in map: map[$patch:[x <nil> true]]",
          "{'strategy':{'$retainKeys':'x'}}; MALFORMED; invalid patch format of retainKeys",
          "{'strategy':{'$retainKeys':['x'],'type':'y'}}; MALFORMED;"
              + " invalid patch format of retainKeys",
        })
    void thatContradictsItselfIsRefused(
        String patch, PatchException.Reason reason, String message) {
      Struct target =
          Json.struct(
              text("{'containers':[{'name':'a'}],'finalizers':['f'],'strategy':{'type':'x'}}"));

      assertThatThrownBy(() -> StrategicMergePatch.apply(target, Json.struct(text(patch)), spec))
          .isInstanceOfSatisfying(
              PatchException.class, e -> assertThat(e.reason()).isEqualTo(reason))
          .hasMessage(message);
    }

    @Test
    void whoseElementsAreNotInItsOwnOrderIsRefused() {
      assertThatThrownBy(
              () ->
                  StrategicMergePatch.apply(
                      Json.struct(text("{'containers':[{'name':'c1'}]}")),
                      Json.struct(
                          text(
                              "{'$setElementOrder/containers':[{'name':'c2'}],"
                                  + "'containers':[{'name':'c1','image':'q'}]}")),
                      spec))
          .hasMessage(
              "The order in patch list:\n[map[image:q name:c1]]\n doesn't match $setElementOrder"
                  + " list:\n[map[name:c2]]\n");
    }

    private MergeRules fields(Map<String, FieldRules> fields) {
      return new MergeRules() {
        @Override
        public String typeName() {
          return "Test";
        }

        @Override
        public @Nullable FieldRules field(String name) {
          return fields.get(name);
        }
      };
    }
  }

  private static String text(String single) {
    return single.replace('\'', '"');
  }

  private static Object json(String single) {
    return Json.parse(text(single).getBytes(UTF_8));
  }
}
