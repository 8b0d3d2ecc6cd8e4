package dev.tiphys.controllers.quota;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.schema.quota.Amounts;
import dev.tiphys.schema.quota.Evaluators;
import dev.tiphys.world.VirtualWorld;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChargesTest {

  private static final ObjectKey KEY = new ObjectKey("a", "q");
  private static final Struct MAP = Yaml.struct("{metadata: {name: m}}");

  private final VirtualWorld world = new VirtualWorld(1);
  private final Charges charges = new Charges(world);

  private static Struct quota(int used) {
    return Yaml.struct(
        "{spec: {hard: {configmaps: 9}}, status: {hard: {configmaps: 9}, used: {configmaps: '%d'}}}"
            .formatted(used));
  }

  private Map<String, ?> inFlight() {
    return Objects.requireNonNull(charges.state(KEY)).inFlight();
  }

  @Test
  void whatAQuotaUsesMoreIsInFlightForAWhile() {
    charges.observe(KEY, quota(3));
    world.advance(Charges.IN_FLIGHT);
    assertThat(inFlight()).isEmpty();

    charges.observe(KEY, quota(5));
    charges.observe(KEY, quota(4));

    assertThat(inFlight()).hasToString("{configmaps=2}");
    world.advance(Charges.IN_FLIGHT);
    assertThat(inFlight()).isEmpty();
  }

  /// What is written, by what was charged, what is found, and what may not be found yet.
  @ParameterizedTest
  @CsvSource({"3,3,0,3", "3,1,0,1", "3,1,1,2", "3,1,5,3", "3,5,0,5", "3,5,2,5", "0,0,0,0"})
  void chargesStayForAsLongAsTheirObjectsMayBeMissing(
      int charged, int found, int inFlight, String used) {
    Usage usage = new Usage(quota(charged));
    usage.add(Evaluators.of("configmaps"), Collections.nCopies(found, MAP), world.now());

    Struct next = usage.next(Amounts.of(Struct.of("configmaps", Integer.toString(inFlight))));

    assertThat(next.string("status", "used", "configmaps")).isEqualTo(used);
  }
}
