package dev.tiphys.apiserver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import java.util.List;
import java.util.regex.Pattern;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Priority and fairness, as clients see it.
class FlowsTest {

  private static final String FLOWS = "/apis/flowcontrol.apiserver.k8s.io/v1/";
  private static final String SCHEMAS = FLOWS + "flowschemas";
  private static final String LEVELS = FLOWS + "prioritylevelconfigurations";
  private static final String DUMPS = "/debug/api_priority_and_fairness/";

  private final RunningServer server;
  private final Wire wire;

  FlowsTest() throws Exception {
    server = new RunningServer();
    wire = new Wire(server);
  }

  @AfterEach
  void close() {
    server.close();
  }

  /// What a watch tells first of which this holds.
  private Struct awaited(String path, java.util.function.Predicate<Struct> holds) throws Exception {
    try (Wire.Frames frames = wire.watch(path)) {
      for (Struct frame = frames.next(); ; frame = frames.next()) {
        if (frame.isEmpty() || holds.test(frame.struct("object"))) {
          return frame.struct("object");
        }
      }
    }
  }

  private static Struct dangling(Struct schema) {
    return schema.structs("status", "conditions").stream()
        .filter(condition -> condition.string("type").equals("Dangling"))
        .findFirst()
        .orElse(Struct.EMPTY);
  }

  private Struct schema(String name, java.util.function.Predicate<Struct> holds) throws Exception {
    return awaited(SCHEMAS + "?watch=1&fieldSelector=metadata.name%3D" + name, holds);
  }

  @Test
  void theObjectsThatEveryClusterHasAreThere() throws Exception {
    List<String> levels = names(LEVELS);
    assertThat(levels)
        .containsExactly(
            "catch-all",
            "exempt",
            "global-default",
            "leader-election",
            "node-high",
            "system",
            "workload-high",
            "workload-low");
    assertThat(names(SCHEMAS)).hasSize(13).contains("exempt", "probes", "catch-all");
    for (String name : names(SCHEMAS)) {
      Struct schema = schema(name, each -> dangling(each).string("status").equals("False"));
      assertThat(dangling(schema).string("reason")).isEqualTo("Found");
      assertThat(dangling(schema).string("message"))
          .isEqualTo(
              "This FlowSchema references the PriorityLevelConfiguration object named \"%s\" and it"
                      .formatted(schema.string("spec", "priorityLevelConfiguration", "name"))
                  + " exists");
      assertThat(schema.string("metadata", "annotations", "apf.kubernetes.io/autoupdate-spec"))
          .isEqualTo("true");
    }
  }

  private List<String> names(String path) throws Exception {
    return wire.get(path).json().structs("items").stream()
        .map(each -> each.string("metadata", "name"))
        .toList();
  }

  @Test
  void aSchemaWhoseLevelIsMissingDangles() throws Exception {
    wire.post(
        SCHEMAS,
        "{'metadata':{'name':'mine'},'spec':{'matchingPrecedence':50,"
            + "'priorityLevelConfiguration':{'name':'lost'},'rules':[{'subjects':[{'kind':'User',"
            + "'user':{'name':'x'}}],'nonResourceRules':[{'verbs':['*'],'nonResourceURLs':['*']}]}]}}");
    Struct schema = schema("mine", each -> !dangling(each).isEmpty());
    assertThat(dangling(schema).string("status")).isEqualTo("True");
    assertThat(dangling(schema).string("reason")).isEqualTo("NotFound");
    assertThat(dangling(schema).string("message"))
        .isEqualTo(
            "This FlowSchema references the PriorityLevelConfiguration object named \"lost\" but"
                + " there is no such object");

    wire.post(
        LEVELS,
        "{'metadata':{'name':'lost'},'spec':{'type':'Limited','limited':{"
            + "'nominalConcurrencyShares':5,'limitResponse':{'type':'Reject'}}}}");
    schema("mine", each -> dangling(each).string("status").equals("False"));
  }

  @ParameterizedTest
  @CsvSource({
    "master,/api/v1/namespaces/default/configmaps,exempt,exempt",
    "master,/version,exempt,exempt",
    "plain,/api/v1/namespaces/default/configmaps,global-default,global-default",
    "plain,/livez,probes,exempt",
    "'',/readyz,probes,exempt",
    "'',/version,global-default,global-default",
  })
  void theAnswerTellsWhichFlowItBelongsTo(String token, String path, String schema, String level)
      throws Exception {
    schema("global-default", each -> !dangling(each).isEmpty());
    Wire.Answer answer =
        token.isEmpty() ? new Wire(server, "").get(path) : new Wire(server, token).get(path);
    assertThat(answer.header("x-kubernetes-pf-flowschema-uid"))
        .isEqualTo(uid(SCHEMAS + "/" + schema));
    assertThat(answer.header("x-kubernetes-pf-prioritylevel-uid"))
        .isEqualTo(uid(LEVELS + "/" + level));
  }

  private String uid(String path) throws Exception {
    return wire.get(path).json().string("metadata", "uid");
  }

  @Test
  void watchesTellItToo() throws Exception {
    schema("exempt", each -> !dangling(each).isEmpty());
    try (Wire.Frames frames = wire.watch("/api/v1/namespaces?watch=1")) {
      assertThat(frames.response().headers().firstValue("x-kubernetes-pf-flowschema-uid"))
          .contains(uid(SCHEMAS + "/exempt"));
      assertThat(frames.next().string("type")).isEqualTo("ADDED");
    }
  }

  /// Sends all requests of bob's to a level without seats: one that is wider than all of them is
  /// served alone, so one has to be in work already for the next to be refused.
  private void leaveBobNoRoom() throws Exception {
    wire.post(
        LEVELS,
        "{'metadata':{'name':'none'},'spec':{'type':'Limited','limited':{"
            + "'nominalConcurrencyShares':0,'borrowingLimitPercent':0,'limitResponse':{'type':"
            + "'Reject'}}}}");
    wire.post(
        SCHEMAS,
        "{'metadata':{'name':'bob'},'spec':{'matchingPrecedence':50,"
            + "'priorityLevelConfiguration':{'name':'none'},'rules':[{'subjects':[{'kind':'User',"
            + "'user':{'name':'bob'}}],'nonResourceRules':[{'verbs':['*'],'nonResourceURLs':['*']}],"
            + "'resourceRules':[{'verbs':['*'],'apiGroups':['*'],'resources':['*'],"
            + "'namespaces':['*']}]}]}}");
    schema("bob", each -> dangling(each).string("status").equals("False"));
  }

  @Test
  void aUserWhoseLevelHasNoRoomIsServedAlone() throws Exception {
    leaveBobNoRoom();
    assertThat(dump("dump_priority_levels")).contains("none,").contains("exempt,");
    assertThat(new Wire(server, "plain").get("/version").header("x-kubernetes-pf-flowschema-uid"))
        .isEqualTo(uid(SCHEMAS + "/bob"));
  }

  @Test
  void whatIsRefusedForWantOfRoomIsCounted() throws Exception {
    leaveBobNoRoom();
    wire.post(
        "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
        "{'metadata':{'name':'bob'},'roleRef':{'apiGroup':'rbac.authorization.k8s.io',"
            + "'kind':'ClusterRole','name':'cluster-admin'},'subjects':[{'apiGroup':"
            + "'rbac.authorization.k8s.io','kind':'User','name':'bob'}]}");
    Wire bob = new Wire(server, "plain");
    try (SSLSocket unfinished = Wire.connect(server)) {
      unfinished
          .getOutputStream()
          .write(
              ("POST /api/v1/namespaces/default/configmaps HTTP/1.1\r\nHost: localhost\r\n"
                      + "Authorization: Bearer plain\r\nContent-Type: application/json\r\n"
                      + "Content-Length: 100\r\n\r\n{")
                  .getBytes(UTF_8));
      while (bob.get("/api/v1/namespaces/default/pods").code() != 429) {
        Thread.onSpinWait(); // it has not arrived yet
      }
      assertThat(bob.get("/api/v1/namespaces/default/invented").code()).isEqualTo(429);
    }
    assertThat(wire.get("/metrics").text())
        .contains(
            "apiserver_request_terminations_total{verb=\"LIST\",group=\"\",version=\"v1\",resource=\"pods\",subresource=\"\",scope=\"namespace\",component=\"apiserver\",code=\"429\"} 1\n")
        .doesNotContain("invented");
  }

  private String dump(String page) throws Exception {
    return wire.get(DUMPS + page).text();
  }

  /// A page, once it has something: an earlier request ends a moment after its answer was sent.
  private String pageWith(String path, String pattern) throws Exception {
    Pattern wanted = Pattern.compile(pattern, Pattern.MULTILINE);
    while (true) {
      String page = wire.get(path).text();
      if (wanted.matcher(page).find()) {
        return page;
      }
    }
  }

  @Test
  void levelsQueuesAndRequestsAreShown() throws Exception {
    schema("exempt", each -> !dangling(each).isEmpty());
    assertThat(
            pageWith(
                DUMPS + "dump_priority_levels",
                "^exempt, +0, +false, +false, +0, +1, +[0-9]+, +0, +0, +0$"))
        .startsWith("PriorityLevelName, ActiveQueues, IsIdle, IsQuiescing, WaitingRequests,")
        .containsPattern("(?m)^workload-low, +0, +true, +false, +0, +0, +0, +0, +0, +0$");
    assertThat(dump("dump_queues").lines()).hasSize(1 + 64 + 64 + 16 + 128 * 3);
    assertThat(dump("dump_requests?includeRequestDetails=1"))
        .containsPattern(
            "(?m)^exempt, +exempt, +-1, +-1, +, +20[^,]+Z, +1, +0, +0s, +20[^,]+Z, +ann, +get,"
                + " +/debug/api_priority_and_fairness/dump_requests, +, +, +, +, +$");
    assertThat(wire.get("/debug/api_priority_and_fairness/other").code()).isEqualTo(404);
  }

  @Test
  void numbersAreTold() throws Exception {
    schema("exempt", each -> !dangling(each).isEmpty());
    new Wire(server, "plain").get("/version");

    assertThat(
            pageWith(
                "/metrics",
                "^apiserver_flowcontrol_current_executing_requests\\{flow_schema=\"exempt\","
                    + "priority_level=\"exempt\"} 1$"))
        .contains(
            "apiserver_flowcontrol_nominal_limit_seats{priority_level=\"workload-low\"} 245\n")
        .contains("apiserver_flowcontrol_lower_limit_seats{priority_level=\"workload-low\"} 24\n")
        .contains(
            "apiserver_flowcontrol_dispatched_requests_total{flow_schema=\"global-default\","
                + "priority_level=\"global-default\"} 1\n");
  }

  @Test
  void mandatoryObjectsAreBroughtBackAndSuggestedOnesMayBeChanged() throws Exception {
    wire.delete(SCHEMAS + "/catch-all", "");
    wire.delete(LEVELS + "/system", "");
    wire.patch(
        "merge-patch",
        LEVELS + "/workload-low",
        "{'metadata':{'annotations':{'apf.kubernetes.io/autoupdate-spec':'false'}},"
            + "'spec':{'limited':{'nominalConcurrencyShares':7}}}");
    wire.patch(
        "merge-patch",
        LEVELS + "/workload-high",
        "{'spec':{'limited':{'nominalConcurrencyShares':7}}}");
    server.ensureDefaults();

    assertThat(names(SCHEMAS)).contains("catch-all");
    assertThat(names(LEVELS)).contains("system");
    assertThat(shares("workload-low")).isEqualTo(7);
    assertThat(shares("workload-high")).isEqualTo(40);
  }

  private long shares(String level) throws Exception {
    return wire.get(LEVELS + "/" + level)
        .json()
        .integer("spec", "limited", "nominalConcurrencyShares");
  }
}
