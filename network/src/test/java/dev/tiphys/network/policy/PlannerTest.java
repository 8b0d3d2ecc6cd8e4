package dev.tiphys.network.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.network.Prefix;
import dev.tiphys.network.Protocol;
import dev.tiphys.network.nftables.Family;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlannerTest {
  private static final InetAddress ADDRESS = InetAddress.ofLiteral("10.244.1.2");
  private static final InetAddress ADDRESS_6 = InetAddress.ofLiteral("fd00::2");
  private static final Member POD = pod("hostNetwork: false", "phase: Running");

  private static final NameServers NAMES =
      NameServers.of(
          List.of(
              Yaml.struct(
                  """
                  endpoints: [{addresses: [192.0.2.1]}]
                  ports:
                  - {name: dns, protocol: UDP, port: 1053}
                  - {name: dns-tcp, protocol: TCP, port: 1053}
                  - {name: metrics, protocol: TCP, port: 9153}
                  """),
              Yaml.struct(
                  """
                  endpoints: [{addresses: [10.244.1.9], targetRef: {kind: Pod}}]
                  ports: [{name: dns, protocol: UDP, port: 53}]
                  """)),
          Struct.of("kubernetes.io/metadata.name", "kube-system"));

  private static Member pod(String spec, String status) {
    return Objects.requireNonNull(member(spec, status));
  }

  private static @Nullable Member member(String spec, String status) {
    Struct pod =
        Yaml.struct(
            """
            metadata: {name: web, namespace: a, uid: '1', labels: {app: web}}
            spec:
              %s
              initContainers:
              - {name: once, ports: [{name: web, containerPort: 1}]}
              - {name: always, restartPolicy: Always, ports: [{name: side, containerPort: 2}]}
              containers:
              - name: main
                ports: [{name: web, containerPort: 8080}, {name: web, containerPort: 53, protocol: UDP}]
            status: {%s, podIPs: [{ip: 10.244.1.2}, {ip: 'fd00::2'}]}
            """
                .formatted(spec, status));
    return Member.of(pod, Struct.EMPTY, Member.addressesOf(pod));
  }

  private static List<Line> lines(Direction direction, InetAddress address, String... specs) {
    return Objects.requireNonNull(plan(address, specs).chains().get(direction));
  }

  private static Plan plan(InetAddress address, String... specs) {
    List<Policy> policies =
        Arrays.stream(specs)
            .map(spec -> Yaml.struct("metadata: {namespace: a}\nspec: {" + spec + "}"))
            .map(Policy::of)
            .toList();
    return Planner.plan(POD, address, policies, NAMES);
  }

  private static Line itself() {
    return new Line.Itself(ADDRESS);
  }

  private static Line.Ports tcp(int first, int last) {
    return new Line.Ports(Protocol.TCP, first, last);
  }

  @Test
  void withoutAPolicyThatIsAboutItAPodIsOpen() {
    assertThat(plan(ADDRESS)).isEqualTo(Plan.OPEN);
    assertThat(plan(ADDRESS, "podSelector: {matchLabels: {app: other}}")).isEqualTo(Plan.OPEN);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "podSelector: {} | INGRESS",
        "podSelector: {}, egress: [] | INGRESS",
        "podSelector: {}, egress: [{}] | INGRESS EGRESS",
        "podSelector: {}, policyTypes: [Egress] | EGRESS",
        "podSelector: {}, policyTypes: [Egress], ingress: [{}] | EGRESS",
        "podSelector: {}, policyTypes: [Ingress, Egress] | INGRESS EGRESS",
      })
  void aPodIsIsolatedInTheDirectionsThatPoliciesAreAbout(String spec, String directions) {
    assertThat(plan(ADDRESS, spec).chains().keySet())
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(directions.split(" ")).map(Direction::valueOf).toList());
  }

  @Test
  void namesOfPortsAreThoseOfThePodThatReceives() {
    String ports = "[{ports: [{port: web}, {port: web, protocol: UDP}, {port: side}]}]";

    assertThat(lines(Direction.INGRESS, ADDRESS, "podSelector: {}, ingress: " + ports))
        .containsExactly(
            itself(),
            new Line.Anyone(
                List.of(tcp(2, 2), tcp(8080, 8080), new Line.Ports(Protocol.UDP, 53, 53))));
    assertThat(
            lines(Direction.EGRESS, ADDRESS, "podSelector: {}, egress: [{ports: [{port: web}]}]"))
        .containsExactly(
            itself(),
            new Line.Selected(
                new Selection(new Peer.Anyone(), new PolicyPort.Name(Protocol.TCP, "web")),
                List.of()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | UDP TCP",
        "{ports: [{port: 53, protocol: UDP}]} | UDP",
        "{ports: [{port: dns-tcp}, {port: 54, protocol: UDP}]} | TCP",
        "{ports: [{port: 1053, protocol: UDP}]} | ''",
        "{to: [{namespaceSelector: {}, podSelector: {matchLabels: {k8s-app: kube-dns}}}],"
            + " ports: [{port: 53, protocol: UDP}, {port: 53, protocol: TCP}]} | UDP TCP",
        "{to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}}]}"
            + " | UDP TCP",
        "{to: [{podSelector: {matchLabels: {k8s-app: kube-dns}}}]} | ''",
        "{to: [{ipBlock: {cidr: 192.0.2.0/24}}], ports: [{port: 53, protocol: UDP}]} | UDP",
      })
  void whoMayAskThePodsOfTheDnsMayAskTheServersThatStandForThem(String rule, String protocols) {
    List<Line> lines =
        lines(
            Direction.EGRESS,
            ADDRESS,
            "podSelector: {}, policyTypes: [Egress], egress: [" + rule + "]");

    assertThat(lines)
        .filteredOn(Line.Named.class::isInstance)
        .flatExtracting(line -> ((Line.Named) line).servers())
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(protocols.split(" "))
                .filter(name -> !name.isEmpty())
                .map(
                    name ->
                        new NameServers.Listener(
                            InetAddress.ofLiteral("192.0.2.1"), Protocol.valueOf(name), 1053))
                .toList());
  }

  @Test
  void aNameThatThePodDoesNotHaveOpensNothing() {
    assertThat(
            lines(
                Direction.INGRESS, ADDRESS, "podSelector: {}, ingress: [{ports: [{port: none}]}]"))
        .containsExactly(itself());
  }

  @Test
  void portsThatOverlapAreOne() {
    assertThat(
            lines(
                Direction.INGRESS,
                ADDRESS,
                "podSelector: {}, ingress: [{ports: [{port: 80, endPort: 90}, {port: 85},"
                    + " {port: 91}, {port: 100}]}]"))
        .containsExactly(itself(), new Line.Anyone(List.of(tcp(80, 91), tcp(100, 100))));
  }

  @Test
  void blocksOfOneFamilyAreNotAskedOfTheOther() {
    String spec = "podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]";

    assertThat(lines(Direction.INGRESS, ADDRESS, spec)).hasSize(2);
    assertThat(lines(Direction.INGRESS, ADDRESS_6, spec))
        .containsExactly(new Line.Itself(ADDRESS_6));
  }

  @Test
  void anExceptionNarrowsItsOwnBlockAlone() {
    Addresses addresses =
        Addresses.of(
            Family.IPV4,
            List.of(
                new Peer.Block(
                    Prefix.of("10.0.0.0/24"),
                    List.of(Prefix.of("10.0.0.0/26"), Prefix.of("10.0.0.128/32"))),
                new Peer.Block(Prefix.of("10.0.0.32/32"), List.of()),
                new Peer.Block(Prefix.of("10.0.1.0/24"), List.of())));

    assertThat(addresses.ranges())
        .extracting(range -> range.first().intValue() + "-" + range.last().intValue())
        .containsExactly(
            number("10.0.0.32", "10.0.0.32"),
            number("10.0.0.64", "10.0.0.127"),
            number("10.0.0.129", "10.0.1.255"));
    assertThat(
            Addresses.of(
                    Family.IPV4,
                    List.of(
                        new Peer.Block(
                            Prefix.of("10.0.0.0/24"), List.of(Prefix.of("10.0.0.0/16")))))
                .isEmpty())
        .isTrue();
  }

  private static String number(String first, String last) {
    return Prefix.of(first).first().hashCode() + "-" + Prefix.of(last).first().hashCode();
  }

  @Test
  void theSamePeersAreOneSelectionHoweverTheyAreWritten() {
    String one =
        "podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {x: '1', y: '2'}}}]}]";
    String other =
        "podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {y: '2', x: '1'}}}]}]";

    assertThat(plan(ADDRESS, one, other).selections()).hasSize(1);
    assertThat(plan(ADDRESS, one)).isEqualTo(plan(ADDRESS, other));
  }

  @Test
  void podsThatAreOverOrInTheNetworkOfTheirNodeAreNoMembers() {
    assertThat(member("hostNetwork: true", "phase: Running")).isNull();
    assertThat(member("hostNetwork: false", "phase: Succeeded")).isNull();
    assertThat(member("hostNetwork: false", "phase: Failed")).isNull();
    assertThat(POD.addresses()).containsExactly(ADDRESS, ADDRESS_6);
  }

  @Test
  void anAddressStaysInASetAsLongAsOnePodHasIt() {
    Selection all = new Selection(new Peer.Anyone(), null);
    Memberships memberships = new Memberships(Family.IPV4);
    memberships.add(all, List.of(POD));
    assertThat(added(memberships)).isEqualTo(1);

    memberships.update("2", POD);
    memberships.update("1", null);
    assertThat(memberships.take()).isEmpty();
    memberships.update("2", null);
    assertThat(Objects.requireNonNull(memberships.take().get(all)).removed()).hasSize(1);
    memberships.update("3", POD);
    memberships.update("3", null);
    assertThat(memberships.take()).isEmpty();
  }

  private static int added(Memberships memberships) {
    return memberships.take().values().stream().mapToInt(change -> change.added().size()).sum();
  }
}
