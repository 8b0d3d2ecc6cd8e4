package dev.tiphys.controllers.endpoints;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.controllers.Seeds;
import dev.tiphys.controllers.endpoints.SlicePlan.Group;
import dev.tiphys.controllers.endpoints.SlicePlan.Step;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SlicePlanTest {

  private static final Group GROUP = new Group("IPv4", List.of(Struct.of("port", 80L)));

  private final Map<String, Struct> slices = new HashMap<>();
  private int names;

  private static Struct endpoint(int number) {
    return Struct.of(
        "addresses", List.of("10.0.0." + number), "targetRef", Struct.of("uid", "u" + number));
  }

  private static List<Struct> endpoints(Iterable<Integer> numbers) {
    List<Struct> all = new ArrayList<>();
    numbers.forEach(number -> all.add(endpoint(number)));
    return all;
  }

  private static Struct slice(String name, Group group, List<Struct> endpoints) {
    return new StructBuilder()
        .add("metadata", Struct.of("name", name))
        .add("addressType", group.family())
        .add("ports", group.ports())
        .add("endpoints", List.copyOf(endpoints))
        .build();
  }

  /// Does what the plan says. Returns how many slices were written.
  private int follow(Map<Group, List<Struct>> wanted) {
    int writes = 0;
    for (Step step : SlicePlan.of(wanted, List.copyOf(slices.values()))) {
      switch (step) {
        case Step.Create(Group group, List<Struct> endpoints) -> {
          String name = "s" + names++;
          slices.put(name, slice(name, group, endpoints));
          writes++;
        }
        case Step.Update(Struct before, List<Struct> endpoints) -> {
          String name = before.string("metadata", "name");
          Struct now = slice(name, Group.of(before), endpoints);
          writes += now.equals(before) ? 0 : 1;
          slices.put(name, now);
        }
        case Step.Delete(Struct gone) -> {
          slices.remove(gone.string("metadata", "name"));
          writes++;
        }
      }
    }
    return writes;
  }

  @Seeds(10)
  void whateverChangesEachPlaceIsInOneSliceAndNoneIsTooLarge(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Set<Integer> wanted = new TreeSet<>();
    for (int round = 0; round < 60; round++) {
      int changes = random.nextInt(150);
      for (int i = 0; i < changes; i++) {
        int number = random.nextInt(400);
        if (!wanted.remove(number)) {
          wanted.add(number);
        }
      }
      follow(Map.of(GROUP, endpoints(wanted)));
      List<Struct> held = new ArrayList<>();
      for (Struct slice : slices.values()) {
        assertThat(slice.structs("endpoints")).hasSizeLessThanOrEqualTo(SlicePlan.LARGEST);
        held.addAll(slice.structs("endpoints"));
      }
      assertThat(held).hasSize(wanted.size());
      assertThat(new HashSet<>(held)).isEqualTo(new HashSet<>(endpoints(wanted)));
      assertThat(follow(Map.of(GROUP, endpoints(wanted)))).isZero();
    }
  }

  @Test
  void onePlaceMoreChangesOneSlice() {
    List<Struct> many = new ArrayList<>();
    for (int i = 0; i < 250; i++) {
      many.add(endpoint(i));
    }
    assertThat(follow(Map.of(GROUP, many))).isEqualTo(3);
    many.add(endpoint(250));
    assertThat(follow(Map.of(GROUP, many))).isEqualTo(1);
    assertThat(slices).hasSize(3);
  }

  @Test
  void slicesForPortsThatNobodyHasAreDeleted() {
    follow(Map.of(GROUP, endpoints(List.of(1))));
    Group other = new Group("IPv4", List.of(Struct.of("port", 81L)));
    follow(Map.of(other, endpoints(List.of(1))));
    assertThat(slices.values()).extracting(Group::of).containsExactly(other);
  }

  @Test
  void withoutPlacesOneEmptySliceStays() {
    follow(Map.of(GROUP, endpoints(List.of(1))));
    Group none = new Group("IPv4", List.of());
    follow(Map.of(none, List.of()));
    assertThat(follow(Map.of(none, List.of()))).isZero();
    assertThat(slices).hasSize(1);
  }

  @Test
  void aSliceGoesOnlyAfterItsPlacesAreElsewhere() {
    Group other = new Group("IPv4", List.of(Struct.of("port", 8080L)));
    List<Struct> present = List.of(slice("old", GROUP, endpoints(List.of(1, 2))));

    List<Step> steps = SlicePlan.of(Map.of(other, endpoints(List.of(1, 2))), present);

    assertThat(steps)
        .containsExactly(
            new Step.Create(other, endpoints(List.of(1, 2))), new Step.Delete(present.getFirst()));
  }

  @Seeds(8)
  void aPlaceThatStaysIsInASliceAtEveryMoment(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Set<Integer> before = new TreeSet<>();
    for (int round = 0; round < 30; round++) {
      Set<Integer> now = new TreeSet<>(before);
      for (int i = 0; i < 120; i++) {
        int number = random.nextInt(400);
        if (!now.add(number)) {
          now.remove(number);
        }
      }
      Set<Integer> stay = new TreeSet<>(before);
      stay.retainAll(now);
      for (Step step : SlicePlan.of(Map.of(GROUP, endpoints(now)), List.copyOf(slices.values()))) {
        apply(step);
        Set<Struct> shown = new HashSet<>();
        slices.values().forEach(slice -> shown.addAll(slice.structs("endpoints")));
        assertThat(shown).containsAll(endpoints(stay));
      }
      before = now;
    }
  }

  private void apply(Step step) {
    switch (step) {
      case Step.Create(Group group, List<Struct> endpoints) ->
          slices.put("s" + names, slice("s" + names++, group, endpoints));
      case Step.Update(Struct slice, List<Struct> endpoints) -> {
        String name = slice.string("metadata", "name");
        slices.put(name, slice(name, Group.of(slice), endpoints));
      }
      case Step.Delete(Struct slice) -> slices.remove(slice.string("metadata", "name"));
    }
  }
}
