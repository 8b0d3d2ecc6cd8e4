package dev.tiphys.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.encoding.Json;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Admission policies, asked about requests that come over HTTP.
class AdmissionPoliciesTest {

  private static final String MAPS = "/api/v1/namespaces/default/configmaps";
  private static final String GROUP = "/apis/admissionregistration.k8s.io/v1/";

  private final RunningServer server = new RunningServer();
  private final Wire admin = new Wire(server);

  AdmissionPoliciesTest() throws Exception {}

  @AfterEach
  void close() {
    server.close();
  }

  private static Struct constraints(String operation, String resources) {
    Struct rule =
        new StructBuilder()
            .add("operations", List.of(operation))
            .add("apiGroups", List.of("*"))
            .add("apiVersions", List.of("*"))
            .add("resources", List.of(resources))
            .build();
    return Struct.of("resourceRules", List.of(rule));
  }

  private static Struct validating(String operation, String expression) {
    return Struct.of(
        "matchConstraints",
        constraints(operation, "configmaps"),
        "validations",
        List.of(Struct.of("expression", expression)));
  }

  private static Struct mutating(Struct... mutations) {
    return Struct.of(
        "matchConstraints",
        constraints("CREATE", "configmaps"),
        "mutations",
        List.of(mutations),
        "reinvocationPolicy",
        "Never");
  }

  private static Struct application(String expression) {
    return Struct.of(
        "patchType",
        "ApplyConfiguration",
        "applyConfiguration",
        Struct.of("expression", expression));
  }

  private static Struct patch(String expression) {
    return Struct.of("patchType", "JSONPatch", "jsonPatch", Struct.of("expression", expression));
  }

  private void make(String plural, String name, Struct spec) throws Exception {
    Struct object = Struct.of("metadata", Struct.of("name", name), "spec", spec);
    Wire.Answer answer = admin.send("POST", GROUP + plural, Json.text(object));
    assertThat(answer.code()).as(answer.text()).isEqualTo(201);
  }

  private void enforce(Struct spec, Struct binding) throws Exception {
    make("validatingadmissionpolicies", "p", spec);
    make("validatingadmissionpolicybindings", "b", binding);
  }

  private void enforce(Struct spec) throws Exception {
    enforce(spec, binding("Deny"));
  }

  private void change(Struct... mutations) throws Exception {
    make("mutatingadmissionpolicies", "p", mutating(mutations));
    make("mutatingadmissionpolicybindings", "b", Struct.of("policyName", "p"));
  }

  private static Struct binding(String... actions) {
    return Struct.of("policyName", "p", "validationActions", List.of(actions));
  }

  private Wire.Answer create(String name) throws Exception {
    return admin.post(
        MAPS, "{'metadata':{'name':'" + name + "','labels':{'l':'1'}},'data':{'a':'1','b':'x'}}");
  }

  /// An expression, and what a request with a sound ConfigMap is answered.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          object.data.a == '1'                                  | ``
          object.data.a == '2'                                  | failed expression: object.data.a == '2'
          object.metadata.labels.l == '1'                       | ``
          oldObject == null && request.operation == 'CREATE'    | ``
          request.userInfo.username == 'ann'                    | ``
          request.kind.kind == 'ConfigMap' && request.kind.version == 'v1' | ``
          request.resource.resource == 'configmaps'             | ``
          request.namespace == 'default'                        | ``
          namespaceObject.metadata.name == 'default'            | ``
          namespaceObject.status.phase == 'Gone'                | failed expression: namespaceObject.status.phase == 'Gone'
          object.none == 'x'                                    | expression 'object.none == 'x'' resulted in error: no such key: none
          authorizer.group('').resource('pods').namespace('default').check('get').allowed() | ``
          authorizer.path('/healthz').check('get').allowed()    | ``
          authorizer.requestResource.check('create').allowed()  | ``
          authorizer.serviceAccount('default', 'none').group('').resource('pods').namespace('x').check('get').allowed() | failed expression: authorizer.serviceAccount('default', 'none').group('').resource('pods').namespace('x').check('get').allowed()
          authorizer.serviceAccount('default', 'none').group('').resource('pods').check('get').reason() == '' | ``
          authorizer.group('apps').resource('deployments').subresource('scale').fieldSelector('a=b').labelSelector('x').check('list').errored() | failed expression: authorizer.group('apps').resource('deployments').subresource('scale').fieldSelector('a=b').labelSelector('x').check('list').errored()
          authorizer.group('').resource(' ').check('get').allowed() | expression 'authorizer.group('').resource(' ').check('get').allowed()' resulted in error: resource must not be empty
          [1,2,3,4].all(i, authorizer.group('').resource('pods').name(string(i)).check('get').allowed()) | expression '[1,2,3,4].all(i, authorizer.group('').resource('pods').name(string(i)).check('get').allowed())' resulted in error: operation cancelled: actual cost limit exceeded
          """)
  void anExpressionDecides(String expression, String refusal) throws Exception {
    enforce(validating("CREATE", expression));

    Wire.Answer answer = create("m");

    if (refusal.isEmpty()) {
      assertThat(answer.code()).as(answer.text()).isEqualTo(201);
    } else {
      assertThat(answer.code()).isEqualTo(422);
      assertThat(answer.reason()).isEqualTo("Invalid");
      assertThat(answer.message())
          .isEqualTo(
              "configmaps \"m\" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied"
                  + " request: "
                  + refusal);
      assertThat(admin.get(MAPS + "/m").code()).isEqualTo(404);
    }
  }

  @Test
  void aPolicyWithoutBindingDoesNothing() throws Exception {
    make("validatingadmissionpolicies", "p", validating("CREATE", "false"));

    assertThat(create("m").code()).isEqualTo(201);
  }

  @Test
  void messagesAndReasonsAreThePolicys() throws Exception {
    Struct validation =
        new StructBuilder()
            .add("expression", "object.data.a != variables.bad")
            .add("messageExpression", "'bad: ' + variables.bad + ' for ' + request.name")
            .add("message", "plain")
            .add("reason", "Forbidden")
            .build();
    Struct bad = Struct.of("name", "one", "expression", "'1'");
    Struct same = Struct.of("name", "bad", "expression", "variables.one");
    enforce(
        validating("CREATE", "true")
            .with("validations", List.of(validation))
            .with("variables", List.of(bad, same)));

    Wire.Answer answer = create("m");

    assertThat(answer.code()).isEqualTo(403);
    assertThat(answer.message()).endsWith("denied request: bad: 1 for m");
  }

  @Test
  void aFailedMessageGivesWayToThePlainOne() throws Exception {
    Struct validation =
        Struct.of("expression", "false", "messageExpression", "object.none", "message", " plain ");
    Struct typed = validation.with("messageExpression", "string(object.none)");
    enforce(validating("CREATE", "true").with("validations", List.of(typed)));

    assertThat(create("m").message()).endsWith("denied request: plain");
  }

  @Test
  void aBindingMayWarnInstead() throws Exception {
    enforce(validating("CREATE", "object.data.a == '2'"), binding("Warn", "Audit"));

    Wire.Answer answer = create("m");

    assertThat(answer.code()).isEqualTo(201);
    assertThat(answer.headers("warning"))
        .containsExactly(
            "299 - \"Validation failed for ValidatingAdmissionPolicy 'p' with binding 'b': failed"
                + " expression: object.data.a == '2'\"");
  }

  @Test
  void deletionsHaveNoObjectButAnOldOne() throws Exception {
    for (String name : List.of("a", "b", "c", "d")) {
      create(name);
    }
    enforce(validating("DELETE", "object.metadata.name != 'z'"));
    Wire.Answer refused = admin.delete(MAPS + "/a", "");
    assertThat(refused.code()).isEqualTo(422);
    assertThat(refused.message()).contains("resulted in error: ");

    admin.patch(
        "merge-patch",
        GROUP + "validatingadmissionpolicies/p",
        "{'spec':{'failurePolicy':'Ignore'}}");
    assertThat(admin.delete(MAPS + "/a", "").code()).isEqualTo(200);

    Struct other =
        validating("DELETE", "object == null && oldObject.metadata.name in ['b', 'c', 'd']");
    admin.send(
        "PATCH",
        GROUP + "validatingadmissionpolicies/p",
        Json.text(Struct.of("spec", other.with("failurePolicy", "Fail"))),
        "Content-Type",
        "application/merge-patch+json");
    assertThat(admin.delete(MAPS, "").code()).isEqualTo(200);
    assertThat(admin.get(MAPS).json().list("items")).isEmpty();
    create("e");
    assertThat(admin.delete(MAPS, "").code()).isEqualTo(422);
  }

  @Test
  void parametersComeFromAnyKindInTheNamespaceOfTheRequest() throws Exception {
    admin.post(
        "/api/v1/namespaces/default/configmaps", "{'metadata':{'name':'limits'},'data':{'a':'1'}}");
    Struct spec =
        validating("CREATE", "object.data.a == params.data.a")
            .with("paramKind", Struct.of("apiVersion", "v1", "kind", "ConfigMap"));
    Struct reference = Struct.of("name", "limits", "parameterNotFoundAction", "Deny");
    enforce(spec, binding("Deny").with("paramRef", reference));

    assertThat(create("m").code()).isEqualTo(201);
    assertThat(admin.post(MAPS, "{'metadata':{'name':'n'},'data':{'a':'2'}}").message())
        .endsWith("failed expression: object.data.a == params.data.a");
    assertThat(
            admin
                .post(
                    "/api/v1/namespaces/kube-system/configmaps",
                    "{'metadata':{'name':'n'},'data':{'a':'1'}}")
                .message())
        .endsWith(
            "denied request: failed to configure binding: no params found for policy binding with"
                + " `Deny` parameterNotFoundAction");
    admin.patch(
        "merge-patch",
        GROUP + "validatingadmissionpolicybindings/b",
        "{'spec':{'paramRef':{'parameterNotFoundAction':'Allow'}}}");
    assertThat(
            admin
                .post(
                    "/api/v1/namespaces/kube-system/configmaps",
                    "{'metadata':{'name':'n'},'data':{'a':'1'}}")
                .code())
        .isEqualTo(201);
  }

  @Test
  void aBindingTakesAPartOfWhatThePolicyIsAbout() throws Exception {
    Struct selector = Struct.of("matchLabels", Struct.of("strict", "yes"));
    enforce(
        validating("CREATE", "false"),
        binding("Deny").with("matchResources", Struct.of("namespaceSelector", selector)));
    admin.post("/api/v1/namespaces", "{'metadata':{'name':'s','labels':{'strict':'yes'}}}");

    assertThat(create("m").code()).isEqualTo(201);
    assertThat(admin.post("/api/v1/namespaces/s/configmaps", "{'metadata':{'name':'n'}}").code())
        .isEqualTo(422);
  }

  @Test
  void conditionsKeepAPolicyFromRequests() throws Exception {
    Struct condition =
        Struct.of("name", "c", "expression", "!('system:masters' in request.userInfo.groups)");
    enforce(validating("CREATE", "false").with("matchConditions", List.of(condition)));

    assertThat(create("m").code()).isEqualTo(201);
  }

  @Test
  void expressionsThatCostTooMuchTogetherAreRefused() throws Exception {
    Struct validation =
        Struct.of(
            "expression",
            "authorizer.group('').resource('pods').check('get').allowed() &&"
                + " authorizer.group('').resource('pods').check('list').allowed()");
    enforce(validating("CREATE", "true").with("validations", Collections.nCopies(15, validation)));

    assertThat(create("m").message())
        .endsWith(
            "denied request: validation failed due to running out of cost budget, no further"
                + " validation rules will be run");
  }

  /// A change, and the data of the ConfigMap that comes of it; or the refusal.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          apply | Object{data: {'a': '2', 'c': '3'}} | {'a':'2','b':'x','c':'3'}
          apply | Object{metadata: Object.metadata{labels: {'l': '2'}}} | {'a':'1','b':'x'}
          apply | Object{data: {'c': object.data.a + string(size(object.data))}} | {'a':'1','b':'x','c':'12'}
          apply | Object{metadata: Object.wrong{labels: {'l': '2'}}} | policy 'p' with binding 'b' denied request: type mismatch: unexpected type name "Object.wrong", expected "Object.metadata", which matches field name path from root Object type
          apply | object.none == 1 ? Object{} : Object{} | policy 'p' with binding 'b' denied request: expression 'object.none == 1 ? Object{} : Object{}' resulted in error: no such key: none
          patch | [JSONPatch{op: 'replace', path: '/data/a', value: '9'}] | {'a':'9','b':'x'}
          patch | [JSONPatch{op: 'remove', path: '/data/b'}] | {'a':'1'}
          patch | [JSONPatch{op: 'test', path: '/data/a', value: 'no'}, JSONPatch{op: 'remove', path: '/data/b'}] | {'a':'1','b':'x'}
          patch | [JSONPatch{op: 'add', path: '/data/' + jsonpatch.escapeKey('k'), value: 'v'}] | {'a':'1','b':'x','k':'v'}
          patch | [JSONPatch{op: 'add', path: '/data', value: {'q': 'r'}}] | {'q':'r'}
          """)
  void aPolicyChangesObjects(String type, String expression, String outcome) throws Exception {
    change(type.equals("apply") ? application(expression) : patch(expression));

    Wire.Answer answer = create("m");

    if (outcome.startsWith("policy")) {
      assertThat(answer.code()).isEqualTo(403);
      assertThat(answer.reason()).isEqualTo("Invalid");
      assertThat(answer.message()).isEqualTo(outcome);
    } else {
      assertThat(answer.code()).as(answer.text()).isEqualTo(201);
      assertThat(answer.json().struct("data")).isEqualTo(Json.struct(Wire.json(outcome)));
    }
  }

  @Test
  void listsAreMergedByTheirKeysAndNeverAsAWhole() throws Exception {
    Struct spec =
        mutating(
                application(
                    "Object{spec: Object.spec{containers: [Object.spec.containers{name: 'c', image:"
                        + " 'other'}, Object.spec.containers{name: 'side', image: 'z'}]}}"))
            .with("matchConstraints", constraints("CREATE", "pods"));
    make("mutatingadmissionpolicies", "p", spec);
    make("mutatingadmissionpolicybindings", "b", Struct.of("policyName", "p"));

    Struct pod =
        admin
            .post(
                "/api/v1/namespaces/default/pods",
                "{'metadata':{'name':'p'},'spec':{'containers':[{'name':'c','image':'y','command':['a']}]}}")
            .json();

    List<Struct> containers = pod.structs("spec", "containers");
    assertThat(containers).hasSize(2);
    assertThat(containers.get(0).string("image")).isEqualTo("other");
    assertThat(containers.get(0).strings("command")).containsExactly("a");
    assertThat(containers.get(1).string("terminationMessagePath")).isNotEmpty();
    admin.send(
        "PATCH",
        GROUP + "mutatingadmissionpolicies/p",
        Json.text(
            Struct.of(
                "spec",
                Struct.of(
                    "mutations",
                    List.of(
                        application(
                            "Object{spec: Object.spec{containers: [Object.spec.containers{name: 'c',"
                                + " command: ['b']}]}}"))))),
        "Content-Type",
        "application/merge-patch+json");
    assertThat(
            admin
                .post(
                    "/api/v1/namespaces/default/pods",
                    "{'metadata':{'name':'q'},'spec':{'containers':[{'name':'c','image':'y'}]}}")
                .message())
        .contains("may not mutate atomic arrays, maps or structs: .spec.containers[0].command");
  }

  @Test
  void policiesTellNoSecretsOfTheirParameters() throws Exception {
    admin.post(
        "/apis/rbac.authorization.k8s.io/v1/clusterroles",
        "{'metadata':{'name':'policies'},'rules':[{'apiGroups':['admissionregistration.k8s.io'],"
            + "'resources':['*'],'verbs':['*']}]}");
    admin.post(
        "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
        "{'metadata':{'name':'policies'},'roleRef':{'apiGroup':'rbac.authorization.k8s.io',"
            + "'kind':'ClusterRole','name':'policies'},'subjects':[{'kind':'User','name':'bob',"
            + "'apiGroup':'rbac.authorization.k8s.io'}]}");
    Wire bob = new Wire(server, "plain");
    Struct plain = validating("CREATE", "true");
    Struct secret = plain.with("paramKind", Struct.of("apiVersion", "v1", "kind", "Secret"));

    Wire.Answer refused = post(bob, "validatingadmissionpolicies", "q", secret);

    assertThat(refused.code()).isEqualTo(422);
    assertThat(refused.message())
        .isEqualTo(
            "ValidatingAdmissionPolicy.admissionregistration.k8s.io \"q\" is invalid:"
                + " spec.paramKind: Forbidden: user &{bob 2 [team system:authenticated] map[]} must"
                + " have \"get\" permission on all objects of the referenced paramKind (kind=Secret,"
                + " apiVersion=v1)");
    assertThat(post(bob, "validatingadmissionpolicies", "q", plain).code()).isEqualTo(201);
    make("validatingadmissionpolicies", "p", secret);
    Struct bound =
        binding("Deny")
            .with(
                "paramRef",
                Struct.of("name", "x", "namespace", "default", "parameterNotFoundAction", "Deny"));
    assertThat(post(bob, "validatingadmissionpolicybindings", "b", bound).message())
        .contains("permission on the object referenced by paramRef");
    assertThat(post(bob, "validatingadmissionpolicybindings", "b", binding("Deny")).code())
        .isEqualTo(201);
  }

  private static Wire.Answer post(Wire wire, String plural, String name, Struct spec)
      throws Exception {
    Struct object = Struct.of("metadata", Struct.of("name", name), "spec", spec);
    return wire.send("POST", GROUP + plural, Json.text(object));
  }

  @Test
  void aPolicyIsEvaluatedAgainIfAnotherHasChangedTheObject() throws Exception {
    Struct count =
        application("Object{data: {'n': string(int(object.data[?'n'].orValue('0')) + 1)}}");
    make("mutatingadmissionpolicies", "a", mutating(count).with("reinvocationPolicy", "IfNeeded"));
    make("mutatingadmissionpolicybindings", "a", Struct.of("policyName", "a"));
    make("mutatingadmissionpolicies", "b", mutating(application("Object{data: {'x': 'y'}}")));
    make("mutatingadmissionpolicybindings", "b", Struct.of("policyName", "b"));

    assertThat(create("m").json().string("data", "n")).isEqualTo("2");
  }

  @Test
  void policiesHaveNoSayInWhatConfiguresThem() throws Exception {
    Struct all = validating("*", "false").with("matchConstraints", constraints("*", "*/*"));
    enforce(all);

    assertThat(create("m").code()).isEqualTo(422);
    assertThat(
            admin
                .post(
                    "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
                    "{'spec':{'nonResourceAttributes':{'path':'/','verb':'get'}}}")
                .code())
        .isEqualTo(201);
    assertThat(admin.delete(GROUP + "validatingadmissionpolicybindings/b", "").code())
        .isEqualTo(200);
    assertThat(create("m").code()).isEqualTo(201);
  }

  @Test
  void whatDoesNotCompileIsRefusedWhenItIsWritten() throws Exception {
    Struct object =
        Struct.of("metadata", Struct.of("name", "p"), "spec", validating("CREATE", "object.x ="));

    Wire.Answer answer =
        admin.send("POST", GROUP + "validatingadmissionpolicies", Json.text(object));

    assertThat(answer.code()).isEqualTo(422);
    assertThat(answer.message())
        .contains(
            "spec.validations[0].expression: Invalid value: \"object.x =\": compilation failed: ERROR: ");
  }
}
