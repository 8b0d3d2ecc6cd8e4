package dev.tiphys.scheduler.plugins;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.testing.Fixture;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FilterPluginsTest {

  private static final String FITS = "fits";

  private final Fixture fixture = new Fixture();

  /// What is said about the only node there is.
  private String verdict(PodInfo pod) {
    return fixture.feasible(pod).isEmpty()
        ? fixture
            .message(pod)
            .replace("0/1 nodes are available: ", "")
            .replaceAll("\\.$", "")
            .replaceAll("(^|, )1 ", "$1")
        : FITS;
  }

  private String verdict(String spec) {
    return verdict(fixture.pod("", spec));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "'key':'a','value':'b','effect':'NoSchedule' | | node(s) had untolerated taint(s)",
        "'key':'a','value':'b','effect':'NoExecute' | | node(s) had untolerated taint(s)",
        "'key':'a','value':'b','effect':'PreferNoSchedule' | | fits",
        "'key':'a','value':'b','effect':'NoSchedule' | 'operator':'Exists' | fits",
        "'key':'a','value':'b','effect':'NoSchedule' | 'key':'a','value':'b' | fits",
        "'key':'a','value':'b','effect':'NoSchedule' | 'key':'a','operator':'Exists' | fits",
        "'key':'a','value':'b','effect':'NoSchedule' | 'key':'a','value':'c' | node(s) had"
            + " untolerated taint(s)",
        "'key':'a','value':'b','effect':'NoSchedule' |"
            + " 'key':'a','value':'b','effect':'NoExecute' | node(s) had untolerated taint(s)",
        "'key':'a','value':'9','effect':'NoSchedule' | 'key':'a','operator':'Gt','value':'8' |"
            + " fits",
        "'key':'a','value':'9','effect':'NoSchedule' | 'key':'a','operator':'Lt','value':'8' |"
            + " node(s) had untolerated taint(s)",
      })
  void taintsNeedTolerations(String taint, String toleration, String expected) {
    fixture.node("n", "", "'spec':{'taints':[{" + taint + "}]}");
    String list = toleration == null ? "" : "{" + toleration + "}";

    assertThat(verdict("'tolerations':[" + list + "]")).isEqualTo(expected);
  }

  @Test
  void cordonedNodesTakeOnlyPodsThatTolerateIt() {
    fixture.node("n", "", "'spec':{'unschedulable':true}");

    assertThat(verdict("")).isEqualTo("node(s) were unschedulable");
    assertThat(
            verdict(
                "'tolerations':[{'key':'node.kubernetes.io/unschedulable',"
                    + "'operator':'Exists','effect':'NoSchedule'}]"))
        .isEqualTo(FITS);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "'cpu':'4' | fits",
        "'cpu':'4001m' | Insufficient cpu",
        "'memory':'8Gi' | fits",
        "'cpu':'5','memory':'9Gi' | Insufficient cpu, Insufficient memory",
        "'gpu/a':'2' | fits",
        "'gpu/a':'3' | Insufficient gpu/a",
        "'gpu/b':'1' | Insufficient gpu/b",
        "'ephemeral-storage':'1Gi' | Insufficient ephemeral-storage",
      })
  void requestsMustFit(String requests, String expected) {
    fixture.node("n");

    assertThat(verdict("'containers':[{'resources':{'requests':{" + requests + "}}}]"))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        // A step of the start counts if it is larger than what runs later.
        "{%3} | {%1} | fits",
        "{%5} | {%1} | Insufficient cpu",
        // Sidecars count along with the containers, and with the steps after them.
        "{%2,'restartPolicy':'Always'} | {%2} | fits",
        "{%2,'restartPolicy':'Always'} | {%3} | Insufficient cpu",
        "{%2,'restartPolicy':'Always'},{%3} | {%1} | Insufficient cpu",
        "{%3},{%2,'restartPolicy':'Always'} | {%1} | fits",
      })
  void stepsOfTheStartMustFitToo(String init, String containers, String expected) {
    fixture.node("n");
    String spec = "'initContainers':[" + init + "],'containers':[" + containers + "]";

    assertThat(verdict(spec.replaceAll("%([0-9])", "'resources':{'requests':{'cpu':'$1'}}")))
        .isEqualTo(expected);
  }

  @Test
  void overheadCountsAndRequestsOfTheWholePodReplaceTheSum() {
    fixture.node("n");
    String containers = "'containers':[{'resources':{'requests':{'cpu':'3'}}}]";

    assertThat(verdict(containers + ",'overhead':{'cpu':'2'}")).isEqualTo("Insufficient cpu");
    assertThat(verdict(containers + ",'resources':{'requests':{'cpu':'5'}}"))
        .isEqualTo("Insufficient cpu");
    assertThat(verdict(containers + ",'resources':{'requests':{'cpu':'4'}}")).isEqualTo(FITS);
  }

  @Test
  void podsAreCounted() {
    fixture.node("n", "", "", "'allocatable':{'pods':'1','cpu':'1'}");
    fixture.placed("n", "", "");

    assertThat(verdict("")).isEqualTo("Too many pods");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "'hostPort':80 | 'hostPort':80 | true",
        "'hostPort':80 | 'hostPort':81 | false",
        "'hostPort':80 | 'hostPort':80,'protocol':'UDP' | false",
        "'hostPort':80,'hostIP':'10.0.0.1' | 'hostPort':80,'hostIP':'10.0.0.2' | false",
        "'hostPort':80,'hostIP':'10.0.0.1' | 'hostPort':80 | true",
        "'hostPort':80 | 'hostPort':80,'hostIP':'10.0.0.1' | true",
        "'hostPort':80,'hostIP':'0.0.0.0' | 'hostPort':80,'hostIP':'10.0.0.1' | true",
        "'hostPort':80,'hostIP':'10.0.0.1' | 'hostPort':80,'hostIP':'0.0.0.0' | true",
        "'containerPort':80 | 'containerPort':80 | false",
      })
  void portsOfTheNodeAreTakenOnce(String taken, String wanted, boolean conflict) {
    fixture.node("n");
    fixture.placed("n", "", "'containers':[{'ports':[{" + taken + "}]}]");

    assertThat(verdict("'containers':[{'ports':[{" + wanted + "}]}]"))
        .isEqualTo(conflict ? "node(s) didn't have free ports for the requested pod ports" : FITS);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{'matchExpressions':[{'key':'disk','operator':'In','values':['ssd','nvme']}]} | true",
        "{'matchExpressions':[{'key':'disk','operator':'NotIn','values':['ssd']}]} | false",
        "{'matchExpressions':[{'key':'gpu','operator':'NotIn','values':['a']}]} | true",
        "{'matchExpressions':[{'key':'disk','operator':'Exists'}]} | true",
        "{'matchExpressions':[{'key':'disk','operator':'DoesNotExist'}]} | false",
        "{'matchExpressions':[{'key':'cores','operator':'Gt','values':['7']}]} | true",
        "{'matchExpressions':[{'key':'cores','operator':'Lt','values':['7']}]} | false",
        "{'matchExpressions':[{'key':'disk','operator':'Gt','values':['7']}]} | false",
        "{} | false",
        "{},{'matchExpressions':[{'key':'disk','operator':'Exists'}]} | true",
        "{'matchExpressions':[{'key':'disk','operator':'Exists'},{'key':'gpu','operator':'Exists'}]}"
            + " | false",
      })
  void nodeAffinityIsKept(String terms, boolean matches) {
    fixture.node("n", "'disk':'ssd','cores':'8'", "");

    assertThat(
            verdict(
                "'affinity':{'nodeAffinity':{'requiredDuringSchedulingIgnoredDuringExecution':"
                    + "{'nodeSelectorTerms':["
                    + terms
                    + "]}}}"))
        .isEqualTo(matches ? FITS : "node(s) didn't match Pod's node affinity/selector");
  }

  @Nested
  class PodAffinity {
    private static final String SPEC =
        "'affinity':{'%s':{'requiredDuringSchedulingIgnoredDuringExecution':"
            + "[{'topologyKey':'zone',%s'labelSelector':{'matchLabels':{'app':'db'}}}]}}";
    private static final String NEAR = SPEC.formatted("podAffinity", "");
    private static final String FAR = SPEC.formatted("podAntiAffinity", "");

    @Test
    void isMetInTheWholeDomain() {
      fixture.node("a1", "'zone':'a'", "");
      fixture.node("a2", "'zone':'a'", "");
      fixture.node("b1", "'zone':'b'", "");
      fixture.node("nowhere", "", "");
      fixture.placed("a1", "'app':'db'", "");

      assertThat(fixture.feasible(fixture.pod("", NEAR))).containsExactly("a1", "a2");
      assertThat(fixture.feasible(fixture.pod("", FAR))).containsExactly("b1", "nowhere");
    }

    @Test
    void letsTheFirstOfTheKindRun() {
      fixture.node("a1", "'zone':'a'", "");
      fixture.node("nowhere", "", "");

      assertThat(fixture.feasible(fixture.pod("'app':'db'", NEAR))).containsExactly("a1");
      assertThat(fixture.message(fixture.pod("'app':'web'", NEAR)))
          .isEqualTo("0/2 nodes are available: 2 node(s) didn't match pod affinity rules.");
    }

    @Test
    void isKeptForThosesThatRunAlready() {
      fixture.node("a1", "'zone':'a'", "");
      fixture.placed("a1", "", FAR);

      assertThat(verdict(fixture.pod("'app':'db'", "")))
          .isEqualTo("node(s) didn't satisfy existing pods anti-affinity rules");
      assertThat(verdict(fixture.pod("'app':'web'", ""))).isEqualTo(FITS);
    }

    @Test
    void reachesOtherNamespacesOnlyIfItSaysSo() {
      fixture.cluster.describeNamespace("default", Fixture.json("{'team':'x'}"));
      fixture.node("a1", "'zone':'a'", "");
      fixture.placed("a1", "'app':'db'", "");

      assertThat(verdict(SPEC.formatted("podAntiAffinity", "'namespaces':['other'],")))
          .isEqualTo(FITS);
      assertThat(
              verdict(
                  SPEC.formatted(
                      "podAntiAffinity", "'namespaceSelector':{'matchLabels':{'team':'x'}},")))
          .isEqualTo("node(s) didn't match pod anti-affinity rules");
      assertThat(verdict(SPEC.formatted("podAntiAffinity", "'namespaceSelector':{},")))
          .isEqualTo("node(s) didn't match pod anti-affinity rules");
    }
  }

  @Nested
  class TopologySpread {
    private static final String SPEC =
        "'topologySpreadConstraints':[{'maxSkew':1,'topologyKey':'zone',%s"
            + "'whenUnsatisfiable':'DoNotSchedule','labelSelector':{'matchLabels':{'app':'web'}}}]";

    @Test
    void allowsTheEmptierDomainsOnly() {
      fixture.node("a1", "'zone':'a'", "");
      fixture.node("b1", "'zone':'b'", "");
      fixture.node("nowhere", "", "");
      fixture.placed("a1", "'app':'web'", "");
      fixture.placed("a1", "'app':'other'", "");

      assertThat(fixture.feasible(fixture.pod("'app':'web'", SPEC.formatted(""))))
          .containsExactly("b1");
    }

    @Test
    void tellsWhatIsMissing() {
      fixture.node("a1", "'zone':'a'", "");
      fixture.node("b1", "'zone':'b'", "'spec':{'unschedulable':true}");
      fixture.node("nowhere", "", "");
      fixture.placed("a1", "'app':'web'", "");

      assertThat(fixture.message(fixture.pod("'app':'web'", SPEC.formatted(""))))
          .isEqualTo(
              "0/3 nodes are available: 1 node(s) didn't match pod topology spread constraints, 1"
                  + " node(s) didn't match pod topology spread constraints (missing required"
                  + " label), 1 node(s) were unschedulable.");
    }

    @Test
    void countsAsEmptyWhatIsMissingOfTheDomains() {
      fixture.node("a1", "'zone':'a'", "");
      fixture.placed("a1", "'app':'web'", "");

      assertThat(verdict(fixture.pod("'app':'web'", SPEC.formatted("")))).isEqualTo(FITS);
      assertThat(verdict(fixture.pod("'app':'web'", SPEC.formatted("'minDomains':2,"))))
          .isEqualTo("node(s) didn't match pod topology spread constraints");
    }

    @Test
    void leavesOutNodesThatThePodCannotUse() {
      fixture.node("a1", "'zone':'a','disk':'ssd'", "");
      fixture.node("b1", "'zone':'b'", "");
      fixture.placed("a1", "'app':'web'", "");
      String ssd = ",'nodeSelector':{'disk':'ssd'}";

      assertThat(fixture.feasible(fixture.pod("'app':'web'", SPEC.formatted("") + ssd)))
          .containsExactly("a1");
      assertThat(
              fixture.feasible(
                  fixture.pod(
                      "'app':'web'", SPEC.formatted("'nodeAffinityPolicy':'Ignore',") + ssd)))
          .isEmpty();
    }
  }
}
