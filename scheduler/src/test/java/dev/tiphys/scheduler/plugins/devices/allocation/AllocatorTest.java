package dev.tiphys.scheduler.plugins.devices.allocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.scheduler.plugins.devices.allocation.Allocator.Outcome;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AllocatorTest {

  private static final Site HERE = new Site("here", Struct.of("zone", "a"));

  private final Inventory inventory = new Inventory();
  private final Usage usage = new Usage();

  private void slice(String name, long generation, long count, String rest) {
    inventory.put(
        Yaml.struct(
            """
            metadata: {name: %s}
            spec:
              driver: gpu.example
              pool: {name: pool, generation: %d, resourceSliceCount: %d}
            %s
            """
                .formatted(name, generation, count, rest.indent(2))));
  }

  private static Struct claim(String devices) {
    return Yaml.struct(
        """
        metadata: {name: claim, namespace: default}
        spec:
          devices:
        %s
        """
            .formatted(devices.indent(4)));
  }

  private static Struct deviceClass(String name) {
    return Yaml.struct(
        """
        metadata: {name: %s}
        spec: {config: [{opaque: {driver: gpu.example, parameters: {mode: fast}}}]}
        """
            .formatted(name));
  }

  private Outcome allocate(Struct claim) {
    DeviceClaim wanted = DeviceClaim.of(claim, AllocatorTest::deviceClass, new Selectors());
    return new Allocator(inventory, usage, () -> "share")
        .allocate(List.of(wanted), HERE, () -> false);
  }

  private Struct allocated(Struct claim) {
    assertThat(allocate(claim)).isInstanceOf(Outcome.Found.class);
    return ((Outcome.Found) allocate(claim)).allocations().getFirst();
  }

  private static Struct all() {
    return claim("requests: [{name: r, exactly: {deviceClassName: c, allocationMode: All}}]");
  }

  private static Struct one() {
    return claim(
        "requests: [{name: r, exactly: {deviceClassName: c, allocationMode: ExactCount, count: 1}}]");
  }

  private static List<String> devices(Struct allocation) {
    return allocation.structs("devices", "results").stream()
        .map(result -> result.string("device"))
        .toList();
  }

  @Test
  void allDevicesOfANodeCanBeAskedFor() {
    slice("s", 1, 1, "nodeName: here\ndevices: [{name: a}, {name: b}, {name: c}]");

    assertThat(devices(allocated(all()))).containsExactly("a", "b", "c");
  }

  @Test
  void allDevicesAreNotToBeHadIfOneIsInUse() {
    slice("s", 1, 1, "nodeName: here\ndevices: [{name: a}, {name: b}]");
    usage.put("x", List.of(Yaml.struct("{driver: gpu.example, pool: pool, device: b}")));

    assertThat(allocate(all())).isEqualTo(new Outcome.NotFound("cannot allocate all claims"));
  }

  @Test
  void allDevicesOfAPoolThatChangesAreAnError() {
    slice("s", 1, 2, "nodeName: here\ndevices: [{name: a}]");

    assertThatThrownBy(() -> allocate(all()))
        .isInstanceOf(AllocationException.class)
        .hasMessage(
            "claim default/claim, request r: asks for all devices, but resource pool"
                + " gpu.example/pool is currently being updated");
    assertThat(allocate(one())).isEqualTo(new Outcome.NotFound("cannot allocate all claims"));
  }

  @Test
  void onlyTheNewestGenerationOfAPoolCounts() {
    slice("old", 1, 1, "nodeName: here\ndevices: [{name: a}, {name: b}]");
    slice("new", 2, 1, "nodeName: here\ndevices: [{name: c}]");

    assertThat(devices(allocated(all()))).containsExactly("c");
  }

  @Test
  void aPoolWithTwoDevicesOfOneNameIsInvalid() {
    slice("s", 1, 2, "nodeName: here\ndevices: [{name: a}]");
    slice("t", 1, 2, "nodeName: here\ndevices: [{name: a}]");

    assertThat(allocate(one()))
        .isEqualTo(new Outcome.NotFound("invalid resource pools were encountered"));
  }

  @Test
  void aClaimHasThirtyTwoDevicesAtTheMost() {
    assertThatThrownBy(
            () ->
                allocate(
                    claim(
                        "requests: [{name: r, exactly: {deviceClassName: c, allocationMode:"
                            + " ExactCount, count: 33}}]")))
        .hasMessage(
            "claim default/claim: number of requested devices 33 exceeds the claim limit of 32");
  }

  @Test
  void devicesThatAreAlikeAreNotTriedOneAfterTheOther() {
    StringBuilder devices = new StringBuilder("nodeName: here\ndevices:\n");
    for (int i = 0; i < 60; i++) {
      devices.append("- {name: d").append(i).append(", attributes: {half: {bool: ");
      devices.append(i % 2 == 0).append("}}}\n");
    }
    slice("s", 1, 1, devices.toString());
    Struct claim =
        claim(
            """
            requests: [{name: r, exactly: {deviceClassName: c, allocationMode: ExactCount, count: 31}}]
            constraints: [{matchAttribute: gpu.example/half}]
            """);
    AtomicInteger steps = new AtomicInteger();
    DeviceClaim wanted = DeviceClaim.of(claim, AllocatorTest::deviceClass, new Selectors());

    Outcome outcome =
        new Allocator(inventory, usage, () -> "share")
            .allocate(List.of(wanted), HERE, () -> steps.incrementAndGet() > 10_000);

    assertThat(outcome).isEqualTo(new Outcome.NotFound("cannot allocate all claims"));
  }

  @Test
  void ofTheConditionsOnNodesEachIsToldOnce() {
    String zone = "{matchExpressions: [{key: zone, operator: In, values: [a]}]}";
    slice(
        "s",
        1,
        1,
        "nodeSelector: {nodeSelectorTerms: [" + zone + "]}\ndevices: [{name: a}, {name: b}]");

    assertThat(allocated(all()).get("nodeSelector"))
        .isEqualTo(Yaml.struct("nodeSelectorTerms: [" + zone + "]"));
  }

  @Test
  void devicesOfAllNodesAreForAllNodes() {
    slice("s", 1, 1, "allNodes: true\ndevices: [{name: a}]");

    assertThat(allocated(one()).has("nodeSelector")).isFalse();
  }

  @Test
  void eachDeviceOfASliceMaySayWhichNodesReachIt() {
    slice(
        "s",
        1,
        1,
        "perDeviceNodeSelection: true\n"
            + "devices: [{name: a, nodeName: elsewhere}, {name: b, nodeName: here}]");

    assertThat(devices(allocated(all()))).containsExactly("b");
  }

  @Test
  void configurationsComeFromTheClassAndTheClaim() {
    slice("s", 1, 1, "nodeName: here\ndevices: [{name: a}, {name: b}]");
    Struct claim =
        claim(
            """
            requests:
            - {name: r, exactly: {deviceClassName: c, allocationMode: ExactCount, count: 1}}
            - {name: s, exactly: {deviceClassName: d, allocationMode: ExactCount, count: 1}}
            config: [{requests: [s], opaque: {driver: gpu.example, parameters: {mode: slow}}}]
            """);

    assertThat(allocated(claim).structs("devices", "config"))
        .containsExactly(
            Yaml.struct(
                "{source: FromClass, requests: [r], opaque: {driver: gpu.example, parameters:"
                    + " {mode: fast}}}"),
            Yaml.struct(
                "{source: FromClass, requests: [s], opaque: {driver: gpu.example, parameters:"
                    + " {mode: fast}}}"),
            Yaml.struct(
                "{source: FromClaim, requests: [s], opaque: {driver: gpu.example, parameters:"
                    + " {mode: slow}}}"));
  }

  @Test
  void aShareTakesWhatThePolicySays() {
    slice(
        "s",
        1,
        1,
        """
        nodeName: here
        devices:
        - name: a
          allowMultipleAllocations: true
          capacity:
            memory:
              value: 10Gi
              requestPolicy: {default: 1Gi, validRange: {min: 1Gi, step: 1Gi}}
        """);

    Struct asked =
        claim(
            "requests: [{name: r, exactly: {deviceClassName: c, allocationMode: ExactCount, count: 1,"
                + " capacity: {requests: {memory: 1500Mi}}}}]");

    assertThat(allocated(asked).structs("devices", "results").getFirst())
        .isEqualTo(
            Yaml.struct(
                "{request: r, driver: gpu.example, pool: pool, device: a, shareID: share,"
                    + " consumedCapacity: {memory: 2Gi}}"));
    assertThat(allocated(one()).structs("devices", "results").getFirst().get("consumedCapacity"))
        .isEqualTo(Yaml.struct("memory: 1Gi"));
  }
}
