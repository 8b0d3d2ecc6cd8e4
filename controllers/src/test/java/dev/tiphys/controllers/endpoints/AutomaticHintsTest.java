package dev.tiphys.controllers.endpoints;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.controllers.endpoints.SlicePlan.Group;
import dev.tiphys.controllers.endpoints.SlicePlan.Step;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AutomaticHintsTest {
  private static final Group GROUP = new Group("IPv4", List.of(Struct.of("port", 80L)));

  private static Struct endpoint(String zone, boolean ready, String hint) {
    return new StructBuilder()
        .add("addresses", List.of("10.0.0.1"))
        .add("conditions", Struct.of("ready", ready))
        .addUnlessEmpty("zone", zone)
        .addUnlessEmpty(
            "hints",
            hint.isEmpty() ? Struct.EMPTY : Struct.of("forZones", List.of(Struct.of("name", hint))))
        .build();
  }

  /// Ready places in these zones, as `a3 b1`.
  private static List<Struct> places(String zones) {
    List<Struct> places = new ArrayList<>();
    for (String zone : zones.split(" ")) {
      for (int i = 0; i < Integer.parseInt(zone.substring(1)); i++) {
        places.add(endpoint(zone.substring(0, 1), true, ""));
      }
    }
    return places;
  }

  /// Shares of processors, as `a4 b2`.
  private static Map<String, Double> shares(String zones) {
    Map<String, Double> shares = new TreeMap<>();
    double sum = 0;
    for (String zone : zones.split(" ")) {
      double processors = Double.parseDouble(zone.substring(1));
      shares.put(zone.substring(0, 1), processors);
      sum += processors;
    }
    double whole = sum;
    shares.replaceAll((_, processors) -> processors / whole);
    return shares;
  }

  private static AutomaticHints.Result create(String shares, List<Struct> places) {
    return AutomaticHints.of("IPv4", shares(shares), List.of(new Step.Create(GROUP, places)));
  }

  private static List<Struct> endpoints(Step step) {
    return switch (step) {
      case Step.Create(Group _, List<Struct> endpoints) -> endpoints;
      case Step.Update(Struct _, List<Struct> endpoints) -> endpoints;
      case Step.Delete _ -> List.of();
    };
  }

  private static String given(AutomaticHints.Result result) {
    Map<String, Integer> hints = new TreeMap<>();
    for (Step step : result.steps()) {
      for (Struct endpoint : endpoints(step)) {
        for (Struct zone : endpoint.struct("hints").structs("forZones")) {
          hints.merge(zone.string("name"), 1, Integer::sum);
        }
      }
    }
    StringBuilder text = new StringBuilder();
    hints.forEach(
        (zone, count) -> text.append(text.isEmpty() ? "" : " ").append(zone).append(count));
    result.given().forEach((zone, count) -> assertThat(hints.get(zone)).isEqualTo(count));
    return text.toString();
  }

  @ParameterizedTest
  @CsvSource({
    "a4 b4, a3 b3, a3 b3",
    "a4 b4, a4 b2, a3 b3",
    "a4 b4, a4 b3, a4 b3",
    "a4 b4, a5 b2, a4 b3",
    "a4 b2, a3 b3, a4 b2",
    "a4 b4 c4, a3 b3 c3, a3 b3 c3",
    "a4 b4 c4, a5 b2 c2, a3 b3 c3",
    "a4 b4 c4, a3, a1 b1 c1",
  })
  void zonesGetPlacesByTheirProcessorsTheirOwnFirst(String shares, String places, String expected) {
    AutomaticHints.Result result = create(shares, places(places));

    assertThat(result.refusal()).isEmpty();
    assertThat(given(result)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "a4; a4; Insufficient Node information: allocatable CPU or zone not specified on one or"
            + " more nodes, addressType: IPv4",
        "a4 b4 c4; a2; Insufficient number of endpoints (2 endpoints, 3 zones), addressType: IPv4",
        "a4 b4; a3 b2; Unable to allocate minimum required endpoints to each zone without exceeding"
            + " overload threshold (5 endpoints, 2 zones), addressType: IPv4",
        "a1 b1 c9; a3; Unable to allocate minimum required endpoints to each zone without exceeding"
            + " overload threshold (3 endpoints, 3 zones), addressType: IPv4",
      })
  void noHintsAreBetterThanBadOnes(String shares, String places, String reason) {
    AutomaticHints.Result result = create(shares, places(places));

    assertThat(result.refusal()).isEqualTo(reason);
    assertThat(result.given()).isEmpty();
    assertThat(given(result)).isEmpty();
  }

  @Test
  void aPlaceInNoZoneLeavesAllWithoutHints() {
    List<Struct> places = new ArrayList<>(places("a3 b2"));
    places.add(endpoint("", true, ""));

    AutomaticHints.Result result = create("a4 b4", places);

    assertThat(result.refusal())
        .isEqualTo("One or more endpoints do not have a zone specified, addressType: IPv4");
    assertThat(given(result)).isEmpty();
  }

  @Test
  void placesThatAreNotReadyHaveNoHintsAndDoNotCount() {
    List<Struct> places = new ArrayList<>(places("a1 b1"));
    places.add(endpoint("a", false, ""));
    places.add(endpoint("", false, ""));

    assertThat(given(create("a4 b4", places))).isEqualTo("a1 b1");
  }

  private static Step.Update unchanged(String... zonesAndHints) {
    List<Struct> present = new ArrayList<>();
    List<Struct> wanted = new ArrayList<>();
    for (String one : zonesAndHints) {
      present.add(endpoint(one.substring(0, 1), true, one.substring(1)));
      wanted.add(endpoint(one.substring(0, 1), true, ""));
    }
    return new Step.Update(
        Struct.of("addressType", "IPv4", "endpoints", List.copyOf(present)), wanted);
  }

  @Test
  void slicesWhoseHintsAreStillRightAreNotWritten() {
    Step.Update right = unchanged("aa", "ab", "bb", "bb");

    AutomaticHints.Result result =
        AutomaticHints.of(
            "IPv4", shares("a4 b4"), List.of(new Step.Create(GROUP, places("a3 b1")), right));

    assertThat(endpoints(result.steps().get(1))).isEqualTo(right.slice().structs("endpoints"));
    assertThat(result.given()).isEqualTo(Map.of("a", 4, "b", 4));
  }

  @ParameterizedTest
  @CsvSource({"aa, a, bb", "aa, ac, bb", "aa, aa, aa", "bb, bb, bb"})
  void slicesWhoseHintsAreMissingOrWrongAreWritten(String one, String two, String three) {
    AutomaticHints.Result result =
        AutomaticHints.of("IPv4", shares("a4 b4"), List.of(unchanged(one, two, three, "bb")));

    assertThat(result.refusal()).isEmpty();
    assertThat(result.given().get("a")).isBetween(1, 3);
    assertThat(given(result)).matches("a[123] b[123]");
  }

  @Test
  void withEnoughPlacesNoZoneIsOverloaded() {
    SplittableRandom random = new SplittableRandom(5);
    int hinted = 0;
    for (int round = 0; round < 500; round++) {
      StringBuilder shares = new StringBuilder();
      StringBuilder places = new StringBuilder();
      int zones = random.nextInt(2, 5);
      for (int zone = 0; zone < zones; zone++) {
        shares
            .append(zone == 0 ? "" : " ")
            .append((char) ('a' + zone))
            .append(random.nextInt(4, 9));
        places
            .append(zone == 0 ? "" : " ")
            .append((char) ('a' + zone))
            .append(random.nextInt(0, 30));
      }
      AutomaticHints.Result result = create(shares.toString(), places(places.toString()));
      hinted += result.refusal().isEmpty() ? 1 : 0;
      if (result.refusal().isEmpty()) {
        assertThat(AutomaticHints.isOverloaded(result.given(), shares(shares.toString())))
            .as(shares + " / " + places + ": " + result.given())
            .isFalse();
      }
    }
    assertThat(hinted).isGreaterThan(300);
  }
}
