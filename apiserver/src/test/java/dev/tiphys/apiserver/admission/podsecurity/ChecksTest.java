package dev.tiphys.apiserver.admission.podsecurity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Each check by what it forbids and what it lets pass. Single quotes stand for double ones.
class ChecksTest {

  private static List<String> findings(String level, String version, String pod) {
    LevelVersion wanted = new LevelVersion(Level.parse(level), LevelVersion.parseVersion(version));
    return Checks.findings(wanted, PodParts.of(json(pod))).stream().map(Finding::toString).toList();
  }

  private static Struct json(String single) {
    return Json.struct(single.replace('\'', '"'));
  }

  /// What the baseline forbids.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "latest | {'spec':{'hostNetwork':true,'hostPID':true}} | host namespaces (hostNetwork=true, hostPID=true)",
        "latest | {'spec':{'volumes':[{'name':'a','hostPath':{}},{'name':'b','emptyDir':{}},{'name':'c','hostPath':{}}]}} | hostPath volumes (volumes 'a', 'c')",
        "latest | {'spec':{'containers':[{'name':'a','ports':[{'hostPort':80},{'containerPort':1}]},{'name':'b','ports':[{'hostPort':8080}]}]}} | hostPort (containers 'a', 'b' use hostPorts 80, 8080)",
        "latest | {'spec':{'containers':[{'name':'a','ports':[{'hostPort':80}]}]}} | hostPort (container 'a' uses hostPort 80)",
        "latest | {'spec':{'containers':[{'name':'a','livenessProbe':{'httpGet':{'host':'h'}}}]}} | probe or lifecycle host (container 'a' uses probe or lifecycle host 'h')",
        "v1.34 | {'spec':{'initContainers':[{'name':'a','lifecycle':{'preStop':{'tcpSocket':{'host':'h'}}}},{'name':'b','startupProbe':{'tcpSocket':{'host':'g'}}}]}} | probe or lifecycle host (containers 'a', 'b' use probe or lifecycle hosts 'g', 'h')",
        "v1.33 | {'spec':{'containers':[{'name':'a','livenessProbe':{'httpGet':{'host':'h'}}}]}} | ``",
        "latest | {'spec':{'containers':[{'name':'a','securityContext':{'privileged':true}}]}} | privileged (container 'a' must not set securityContext.privileged=true)",
        "latest | {'spec':{'ephemeralContainers':[{'name':'e','securityContext':{'privileged':true}}]}} | privileged (container 'e' must not set securityContext.privileged=true)",
        "latest | {'spec':{'containers':[{'name':'a','securityContext':{'capabilities':{'add':['SYS_ADMIN','CHOWN']}}},{'name':'b','securityContext':{'capabilities':{'add':['NET_RAW']}}}]}} | non-default capabilities (containers 'a', 'b' must not include 'NET_RAW', 'SYS_ADMIN' in securityContext.capabilities.add)",
        "latest | {'spec':{'containers':[{'name':'a','securityContext':{'procMount':'Unmasked'}}]}} | procMount (container 'a' must not set securityContext.procMount to 'Unmasked')",
        "latest | {'spec':{'hostUsers':false,'containers':[{'name':'a','securityContext':{'procMount':'Unmasked'}}]}} | ``",
        "v1.34 | {'spec':{'hostUsers':false,'containers':[{'name':'a','securityContext':{'procMount':'Unmasked'}}]}} | procMount (container 'a' must not set securityContext.procMount to 'Unmasked')",
        "latest | {'spec':{'securityContext':{'seLinuxOptions':{'type':'bad','user':'u'}},'containers':[{'name':'a','securityContext':{'seLinuxOptions':{'role':'r'}}}]}} | seLinuxOptions (pod and container 'a' set forbidden securityContext.seLinuxOptions: type 'bad'; user may not be set; role may not be set)",
        "latest | {'spec':{'securityContext':{'seLinuxOptions':{'type':'container_engine_t'}}}} | ``",
        "v1.30 | {'spec':{'securityContext':{'seLinuxOptions':{'type':'container_engine_t'}}}} | seLinuxOptions (pod set forbidden securityContext.seLinuxOptions: type 'container_engine_t')",
        "latest | {'spec':{'securityContext':{'seccompProfile':{'type':'Unconfined'}},'containers':[{'name':'a','securityContext':{'seccompProfile':{'type':'Unconfined'}}}]}} | seccompProfile (pod and container 'a' must not set securityContext.seccompProfile.type to 'Unconfined')",
        "v1.18 | {'metadata':{'annotations':{'seccomp.security.alpha.kubernetes.io/pod':'unconfined','container.seccomp.security.alpha.kubernetes.io/a':'docker/default'}},'spec':{'containers':[{'name':'a'}]}} | seccompProfile (forbidden annotation seccomp.security.alpha.kubernetes.io/pod='unconfined')",
        "latest | {'spec':{'securityContext':{'appArmorProfile':{'type':'Unconfined'}}}} | forbidden AppArmor profile (pod must not set AppArmor profile type to 'Unconfined')",
        "latest | {'metadata':{'annotations':{'container.apparmor.security.beta.kubernetes.io/a':'unconfined','container.apparmor.security.beta.kubernetes.io/b':'localhost/x'}},'spec':{}} | forbidden AppArmor profile (annotation must not set AppArmor profile type to 'container.apparmor.security.beta.kubernetes.io/a='unconfined'')",
        "latest | {'spec':{'securityContext':{'sysctls':[{'name':'kernel.msgmax'},{'name':'net.ipv4.tcp_rmem'},{'name':'net.ipv4.tcp_syncookies'}]}}} | forbidden sysctls (kernel.msgmax)",
        "v1.31 | {'spec':{'securityContext':{'sysctls':[{'name':'net.ipv4.tcp_rmem'}]}}} | forbidden sysctls (net.ipv4.tcp_rmem)",
        "v1.28 | {'spec':{'securityContext':{'sysctls':[{'name':'net.ipv4.tcp_keepalive_time'}]}}} | forbidden sysctls (net.ipv4.tcp_keepalive_time)",
        "v1.26 | {'spec':{'securityContext':{'sysctls':[{'name':'net.ipv4.ip_local_reserved_ports'}]}}} | forbidden sysctls (net.ipv4.ip_local_reserved_ports)",
        "latest | {'spec':{'securityContext':{'windowsOptions':{'hostProcess':true}},'containers':[{'name':'a','securityContext':{'windowsOptions':{'hostProcess':true}}}]}} | hostProcess (pod and container 'a' must not set securityContext.windowsOptions.hostProcess=true)",
        "latest | {'spec':{'containers':[{'name':'a','image':'i'}],'volumes':[{'name':'v','nfs':{}}]}} | ``"
      })
  void theBaselineForbids(String version, String pod, String finding) {
    assertThat(findings("baseline", version, pod)).containsExactlyElementsOf(expected(finding));
  }

  private static List<String> expected(String finding) {
    return finding.isEmpty() ? List.of() : List.of(finding.replace('\'', '"'));
  }

  /// What else the restricted level forbids, of Pods that are fine otherwise.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "latest | {} | {} | ``",
        "latest | {} | {'allowPrivilegeEscalation':true} | allowPrivilegeEscalation != false (container 'c' must set securityContext.allowPrivilegeEscalation=false)",
        "latest | {'os':{'name':'windows'}} | {'allowPrivilegeEscalation':true,'capabilities':{}} | ``",
        "v1.24 | {'os':{'name':'windows'}} | {'allowPrivilegeEscalation':true} | allowPrivilegeEscalation != false (container 'c' must set securityContext.allowPrivilegeEscalation=false)",
        "latest | {} | {'capabilities':{}} | unrestricted capabilities (container 'c' must set securityContext.capabilities.drop=['ALL'])",
        "latest | {} | {'capabilities':{'drop':['ALL'],'add':['CHOWN','NET_BIND_SERVICE']}} | unrestricted capabilities (container 'c' must not include 'CHOWN' in securityContext.capabilities.add)",
        "latest | {} | {'capabilities':{'add':['SYS_ADMIN']}} | unrestricted capabilities (container 'c' must set securityContext.capabilities.drop=['ALL']; container 'c' must not include 'SYS_ADMIN' in securityContext.capabilities.add)",
        "v1.21 | {} | {'capabilities':{'add':['SYS_ADMIN']}} | non-default capabilities (container 'c' must not include 'SYS_ADMIN' in securityContext.capabilities.add)",
        "latest | {'volumes':[{'name':'v','hostPath':{}},{'name':'w','nfs':{}},{'name':'x','secret':{}},{'name':'y','image':{}}]} | {} | restricted volume types (volumes 'v', 'w', 'y' use restricted volume types 'hostPath', 'nfs', 'unknown')",
        "latest | {'volumes':[{'name':'w','nfs':{}}]} | {} | restricted volume types (volume 'w' uses restricted volume type 'nfs')",
        "latest | {} | {'runAsNonRoot':false} | runAsNonRoot != true (container 'c' must not set securityContext.runAsNonRoot=false)",
        "latest | {} | {'runAsNonRoot':null} | runAsNonRoot != true (pod or container 'c' must set securityContext.runAsNonRoot=true)",
        "latest | {'securityContext':{'runAsNonRoot':true}} | {'runAsNonRoot':null} | ``",
        "latest | {'securityContext':{'runAsNonRoot':false}} | {} | runAsNonRoot != true (pod must not set securityContext.runAsNonRoot=false)",
        "latest | {'hostUsers':false} | {'runAsNonRoot':false,'runAsUser':0} | ``",
        "v1.34 | {'hostUsers':false} | {'runAsUser':0} | runAsUser=0 (container 'c' must not set runAsUser=0)",
        "latest | {'securityContext':{'runAsUser':0}} | {'runAsUser':0} | runAsUser=0 (pod and container 'c' must not set runAsUser=0)",
        "v1.22 | {} | {'runAsUser':0} | ``",
        "latest | {'hostUsers':false} | {'procMount':'Unmasked'} | procMount (container 'c' must not set securityContext.procMount to 'Unmasked')",
        "latest | {} | {'seccompProfile':null} | seccompProfile (pod or container 'c' must set securityContext.seccompProfile.type to 'RuntimeDefault' or 'Localhost')",
        "latest | {'securityContext':{'seccompProfile':{'type':'RuntimeDefault'}}} | {'seccompProfile':null} | ``",
        "latest | {'securityContext':{'seccompProfile':{'type':'Unconfined'}}} | {} | seccompProfile (pod must not set securityContext.seccompProfile.type to 'Unconfined')",
        "v1.18 | {} | {'seccompProfile':null} | ``"
      })
  void theRestrictedLevelForbids(String version, String spec, String context, String finding) {
    Struct fine =
        json(
            "{'allowPrivilegeEscalation':false,'capabilities':{'drop':['ALL']},'runAsNonRoot':true,"
                + "'seccompProfile':{'type':'RuntimeDefault'}}");
    Struct container = Struct.of("name", "c", "securityContext", merged(fine, json(context)));
    Struct pod = Struct.of("spec", json(spec).with("containers", List.of(container)));

    assertThat(findings("restricted", version, pod.toString()))
        .containsExactlyElementsOf(expected(finding));
  }

  private static Struct merged(Struct base, Struct more) {
    Struct all = base;
    for (String name : more.names()) {
      Object value = more.get(name);
      all = more.has(name) && value != null ? all.with(name, value) : all.without(name);
    }
    return all;
  }

  @ParameterizedTest
  @CsvSource({"privileged,0", "baseline,2", "restricted,6"})
  void levelsAddUpAndWhatIsReplacedIsToldOnce(String level, int count) {
    String pod =
        "{'spec':{'hostPID':true,'volumes':[{'name':'v','hostPath':{}}],'containers':[{'name':'c'}]}}";

    assertThat(findings(level, "latest", pod)).hasSize(count);
  }

  /// Labels of a namespace by what they make of the three modes.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | privileged:latest privileged:latest privileged:latest | 0",
        "{'enforce':'baseline'} | baseline:latest privileged:latest baseline:latest | 0",
        "{'enforce':'baseline','enforce-version':'v1.20'} | baseline:v1.20 privileged:latest baseline:v1.20 | 0",
        "{'enforce':'baseline','warn':'privileged'} | baseline:latest privileged:latest privileged:latest | 0",
        "{'enforce':'baseline','warn':'restricted','audit':'restricted','audit-version':'v1.7'} | baseline:latest restricted:v1.7 restricted:latest | 0",
        "{'enforce':'strict','audit':'x','warn':'y'} | restricted:latest privileged:latest privileged:latest | 3",
        "{'enforce':'baseline','enforce-version':'1.20'} | baseline:latest privileged:latest baseline:latest | 1"
      })
  void labelsNameThePolicy(String labels, String policy, int errors) {
    Struct all = Struct.EMPTY;
    Struct given = json(labels);
    for (String name : given.names()) {
      all = all.with(Policy.PREFIX + name, given.string(name));
    }

    Policy.Read read = Policy.of(all, Policy.PRIVILEGED);

    assertThat(read.policy().enforce() + " " + read.policy().audit() + " " + read.policy().warn())
        .isEqualTo(policy);
    assertThat(read.errors().list()).hasSize(errors);
  }
}
