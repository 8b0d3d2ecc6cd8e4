package dev.tiphys.cli.why;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import org.junit.jupiter.api.Test;

class PodAnswerTest {

  private static Struct json(String text) {
    return Json.struct(text.replace('\'', '"'));
  }

  @Test
  void refusalsAndTheSmallestChangeAreTold() {
    assertThat(
            PodAnswer.lines(
                json(
                    "{'namespace':'default','name':'web','nodes':[{'name':'a','feasible':false,"
                        + "'filters':[{'plugin':'NodePorts','passed':true},{'plugin':"
                        + "'NodeResourcesFit','passed':false,'reasons':['Insufficient cpu',"
                        + "'Insufficient memory']}]}],'smallestChange':{'node':'a','changes':["
                        + "{'text':'free 500m of cpu'},{'text':'free 1Gi of memory'}]}}")))
        .containsExactly(
            "pod default/web has no node; 0 of 1 nodes would do now",
            "  a: NodeResourcesFit: Insufficient cpu, Insufficient memory",
            "The smallest change that would make it fit:",
            "  free 500m of cpu",
            "  free 1Gi of memory");
  }

  @Test
  void theBestNodeComesFirst() {
    assertThat(
            PodAnswer.lines(
                json(
                    "{'namespace':'default','name':'web','node':'b','nodes':[{'name':'a',"
                        + "'feasible':true,'score':10,'scores':[{'plugin':'X','score':5,"
                        + "'weight':2}]},{'name':'b','feasible':true,'score':30,'scores':["
                        + "{'plugin':'X','score':15,'weight':2}]}]}")))
        .containsExactly(
            "pod default/web is on node b; 2 of 2 nodes would do now",
            "  b: score 30 (X 15x2)",
            "  a: score 10 (X 5x2)");
  }

  @Test
  void theLastTryIsTold() {
    assertThat(
            PodAnswer.lines(
                json(
                    "{'namespace':'default','name':'web','node':'b','last':{'time':'T','number':2,"
                        + "'nodes':3,'result':'Scheduled','node':'b','feasible':2,'ranking':["
                        + "{'name':'b','score':30,'scores':[{'plugin':'X','score':15,'weight':2}]},"
                        + "{'name':'a','score':10,'scores':[{'plugin':'X','score':5,'weight':2}]}]}}")))
        .containsExactly(
            "pod default/web is on node b; 0 of 0 nodes would do now",
            "  try 2 at T: node b was chosen from 2 of 3 nodes",
            "    then b: score 30 (X 15x2)",
            "    then a: score 10 (X 5x2)");
  }

  @Test
  void whoLeavesForThePodIsTold() {
    assertThat(
            PodAnswer.lines(
                json(
                    "{'namespace':'default','name':'web','last':{'time':'T','number':1,'nodes':1,"
                        + "'result':'Unschedulable','message':'0/1 nodes are available.',"
                        + "'preemption':{'node':'a','victims':['default/x','default/y']}}}")))
        .containsExactly(
            "pod default/web has no node; 0 of 0 nodes would do now",
            "  try 1 at T: 0/1 nodes are available.",
            "    node a is being cleared for it: default/x, default/y");
  }
}
