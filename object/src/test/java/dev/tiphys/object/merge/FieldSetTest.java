package dev.tiphys.object.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.object.encoding.Json;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FieldSetTest {

  private static final String ALL = "{'f:a':{'.':{},'f:b':{},'k:{\\\"n\\\":1}':{'.':{},'f:c':{}}}}";

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        // left; right; union; intersection; difference; without
        "{'f:a':{}}; {'f:b':{}}; {'f:a':{},'f:b':{}}; {}; {'f:a':{}}; {'f:a':{}}",
        "{'f:a':{}}; {'f:a':{}}; {'f:a':{}}; {'f:a':{}}; {}; {}",
        // a path and what goes on from it are two things, but taken out with all that goes on
        "{'f:a':{'f:b':{}}}; {'f:a':{}}; {'f:a':{'.':{},'f:b':{}}}; {}; {'f:a':{'f:b':{}}}; {}",
        "{'f:a':{'.':{},'f:b':{}}}; {'f:a':{'f:b':{}}}; {'f:a':{'.':{},'f:b':{}}}; {'f:a':{'f:b':{}}};"
            + " {'f:a':{}}; {'f:a':{}}",
        "{'f:a':{'f:b':{},'f:c':{}}}; {'f:a':{'f:c':{},'f:d':{}}}; {'f:a':{'f:b':{},'f:c':{},'f:d':{}}};"
            + " {'f:a':{'f:c':{}}}; {'f:a':{'f:b':{}}}; {'f:a':{'f:b':{}}}",
        "{'i:0':{},'v:1':{}}; {'i:1':{},'v:\\\"1\\\"':{}};"
            + " {'v:1':{},'v:\\\"1\\\"':{},'i:0':{},'i:1':{}}; {}; {'i:0':{},'v:1':{}};"
            + " {'i:0':{},'v:1':{}}",
      })
  void hasTheAlgebraOfSets(
      String left, String right, String union, String intersection, String rest, String without) {
    assertThat(set(left).union(set(right))).isEqualTo(set(union));
    assertThat(set(right).union(set(left))).isEqualTo(set(union));
    assertThat(set(left).intersection(set(right))).isEqualTo(set(intersection));
    assertThat(set(left).difference(set(right))).isEqualTo(set(rest));
    assertThat(set(left).without(set(right))).isEqualTo(set(without));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{'f:a':{}}",
        "{'f:a':{'.':{},'f:b':{}}}",
        "{'k:{\\\"name\\\":\\\"web\\\",\\\"port\\\":80}':{'.':{},'f:name':{}}}",
        "{'f:x':{'v:\\\"a.b/c\\\"':{},'v:true':{},'v:1.5':{}}}",
        "{'f:x':{'i:0':{},'i:12':{}}}",
      })
  void isReadAndWritten(String tree) {
    assertThat(FieldsV1.tree(set(tree))).isEqualTo(json(tree));
  }

  @Test
  void leavesOutStepsOfUnknownSorts() {
    assertThat(set("{'f:a':{},'x:b':{'f:c':{}}}")).isEqualTo(set("{'f:a':{}}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{'f':{}}", "{'fa':{}}", "{'i:x':{}}", "{'k:1':{}}", "{'v:{':{}}", "{'f:a':1}"})
  void refusesWhatIsNoStep(String tree) {
    assertThatThrownBy(() -> set(tree)).isInstanceOf(EncodingException.class);
  }

  @Test
  void equalTreesAreOne() {
    Struct tree = FieldsV1.tree(set("{'f:equal':{'f:trees':{}}}"));
    assertThat(FieldsV1.tree(set("{'f:equal':{'f:trees':{}}}"))).isSameAs(tree);
    assertThat(FieldsV1.shared(json("{'f:equal':{'f:trees':{}}}"))).isSameAs(tree);
  }

  @Test
  void equalBranchesOfTreesAreOne() {
    Struct left = FieldsV1.tree(set("{'f:l':{},'f:both':{'f:branch':{'f:a':{}}}}"));
    Struct right = FieldsV1.shared(json("{'f:r':{},'f:both':{'f:branch':{'f:a':{}}}}"));
    assertThat(right.struct("f:both")).isSameAs(left.struct("f:both"));
  }

  @Test
  void largeTreesAreNotKept() {
    FieldSetBuilder large = new FieldSetBuilder();
    for (int i = 0; i < 1_000; i++) {
      large.add(new PathElement.Field("f" + (10_000 + i)), true, null);
    }
    FieldSet set = large.build();
    assertThat(FieldsV1.tree(set)).isEqualTo(FieldsV1.tree(set)).isNotSameAs(FieldsV1.tree(set));
  }

  @Test
  void tellsItsPaths() {
    assertThat(set(ALL)).hasToString(".a\n.a.b\n.a[n=1]\n.a[n=1].c");
    assertThat(set(ALL).contains(List.of(new PathElement.Field("a"), new PathElement.Field("b"))))
        .isTrue();
    assertThat(set(ALL).contains(List.of(new PathElement.Field("b")))).isFalse();
    assertThat(set(ALL).contains(List.of())).isFalse();
  }

  @Test
  void keepsOnlyWhatLeadsAlongAPath() {
    assertThat(
            set("{'f:a':{'f:b':{'f:c':{},'f:d':{}}},'f:e':{}}").onlyAlong(List.of("a", "*", "c")))
        .isEqualTo(set("{'f:a':{'f:b':{'f:c':{}}}}"));
  }

  @Test
  void ordersNumbersByTheirAmount() {
    assertThat(set("{'f:l':{'k:{\\\"p\\\":8080}':{},'k:{\\\"p\\\":9}':{},'k:{\\\"p\\\":80}':{}}}"))
        .hasToString(".l[p=9]\n.l[p=80]\n.l[p=8080]");
  }

  @RepeatedTest(200)
  void lawsOfSetsHold(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    FieldSet left = any(random, 3);
    FieldSet right = any(random, 3);
    assertThat(left.difference(right).union(left.intersection(right))).isEqualTo(left);
    assertThat(left.union(right).difference(right)).isEqualTo(left.difference(right));
    assertThat(left.intersection(right)).isEqualTo(right.intersection(left));
    assertThat(left.intersection(right).isSubsetOf(left)).isTrue();
    assertThat(left.isSubsetOf(right)).isEqualTo(left.difference(right).isEmpty());
    assertThat(left.without(right).isSubsetOf(left.difference(right))).isTrue();
    assertThat(FieldsV1.set(FieldsV1.tree(left))).isEqualTo(left);
  }

  private static FieldSet any(Random random, int depth) {
    FieldSetBuilder set = new FieldSetBuilder();
    for (int i = random.nextInt(5); i > 0; i--) {
      PathElement step =
          switch (random.nextInt(4)) {
            case 0 -> new PathElement.Key(Struct.of("n", (long) random.nextInt(3)));
            case 1 -> new PathElement.Value("v" + random.nextInt(3));
            case 2 -> new PathElement.Index(random.nextInt(3));
            default -> new PathElement.Field("f" + random.nextInt(3));
          };
      set.add(step, random.nextBoolean(), depth == 0 ? null : any(random, depth - 1));
    }
    return set.build();
  }

  private static FieldSet set(String tree) {
    return FieldsV1.set(json(tree));
  }

  private static Struct json(String single) {
    return Json.struct(single.replace('\'', '"'));
  }
}
