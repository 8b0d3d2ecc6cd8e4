package dev.tiphys.object;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.encoding.Json;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TreeDiffTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{} | {} | []",
        "{'a':1} | {'a':1} | []",
        "{'a':1} | {'a':2} | [a: 1 > 2]",
        "{} | {'a':{'b':1}} | [a: null > {\"b\":1}]",
        "{'a':{'b':1,'c':2}} | {'a':{'c':2}} | [a.b: 1 > null]",
        "{'a':{'x/y.z':1}} | {'a':{'x/y.z':2}} | [a[\"x/y.z\"]: 1 > 2]",
        "{'a':[1,2]} | {'a':[1,3,4]} | [a[1]: 2 > 3, a[2]: null > 4]",
        "{'a':[{'name':'x','v':1},{'name':'y','v':1}]} | {'a':[{'name':'y','v':2},{'name':'x','v':1}]} | [a[name=y].v: 1 > 2]",
        "{'a':[{'type':'x','v':1}]} | {'a':[{'type':'z','v':1}]} | [a[type=x]: {\"type\":\"x\",\"v\":1} > null, a[type=z]: null > {\"type\":\"z\",\"v\":1}]",
        "{'a':'s'} | {'a':['s']} | [a: s > [s]]"
      })
  void everyPlaceThatDiffersIsToldOnce(String before, String after, String expected) {
    String differences =
        TreeDiff.between(tree(before), tree(after)).stream()
            .map(each -> each.path() + ": " + each.before() + " > " + each.after())
            .toList()
            .toString();

    assertThat(differences).isEqualTo(expected);
  }

  private static Struct tree(String json) {
    return Json.struct(json.replace('\'', '"'));
  }
}
