package dev.tiphys.object.patch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.object.encoding.Json;
import dev.tiphys.object.patch.MergeRules.FieldRules;
import java.util.Map;
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
          "{'a':1}; [{'op':'replace','path':'','value':{'b':2}}]; {'b':2}",
          "{'a':1}; [{'op':'move','from':'/a','path':'/b'}]; {'b':1}",
          "{'a':{'x':1}}; [{'op':'copy','from':'/a','path':'/b'}]; {'a':{'x':1},'b':{'x':1}}",
          "{'a/b':1,'c~d':2}; [{'op':'remove','path':'/a~1b'},{'op':'remove','path':'/c~0d'}]; {}",
          "{'a':1}; [{'op':'test','path':'/a','value':1},{'op':'remove','path':'/a'}]; {}",
          "{'a':1}; [{'op':'test','path':'/b','value':null}]; {'a':1}",
        })
    void appliesItsOperations(String target, String patch, String result) {
      assertThat(JsonPatch.apply(json(target), json(patch))).isEqualTo(json(result));
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = ';',
        value = {
          "[{'op':'remove','path':'/x'}]; DOES_NOT_APPLY",
          "[{'op':'replace','path':'/x','value':1}]; DOES_NOT_APPLY",
          "[{'op':'add','path':'/x/y','value':1}]; DOES_NOT_APPLY",
          "[{'op':'add','path':'/l/5','value':1}]; DOES_NOT_APPLY",
          "[{'op':'add','path':'/l/01','value':1}]; DOES_NOT_APPLY",
          "[{'op':'test','path':'/a','value':2}]; DOES_NOT_APPLY",
          "[{'op':'jump','path':'/a'}]; MALFORMED",
          "[{'op':'add','value':1}]; MALFORMED",
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
          // elements are merged by their key, new ones come last
          "{'containers':[{'name':'a','image':'1'}]}; {'containers':[{'name':'b'},{'name':'a','x':2}]};"
              + " {'containers':[{'name':'a','image':'1','x':2},{'name':'b'}]}",
          // deeper lists too
          "{'containers':[{'name':'a','ports':[{'containerPort':80}]}]};"
              + " {'containers':[{'name':'a','ports':[{'containerPort':443}]}]};"
              + " {'containers':[{'name':'a','ports':[{'containerPort':80},{'containerPort':443}]}]}",
          // an element is deleted
          "{'containers':[{'name':'a'},{'name':'b'}]}; {'containers':[{'$patch':'delete','name':'a'}]};"
              + " {'containers':[{'name':'b'}]}",
          // a list is replaced
          "{'containers':[{'name':'a'}]}; {'containers':[{'$patch':'replace'},{'name':'c'}]};"
              + " {'containers':[{'name':'c'}]}",
          // a list of values is merged, and values are taken out
          "{'finalizers':['a','b']}; {'finalizers':['c','a']}; {'finalizers':['a','b','c']}",
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

    @Test
    void needsTheMergeKeyInEachElement() {
      assertThatThrownBy(
              () ->
                  StrategicMergePatch.apply(
                      Json.struct(text("{'containers':[{'name':'a'}]}")),
                      Json.struct(text("{'containers':[{'image':'x'}]}")),
                      spec))
          .hasMessageContaining("does not contain declared merge key: name");
    }

    private MergeRules fields(Map<String, FieldRules> fields) {
      return fields::get;
    }
  }

  private static String text(String single) {
    return single.replace('\'', '"');
  }

  private static Object json(String single) {
    return Json.parse(text(single).getBytes(UTF_8));
  }
}
