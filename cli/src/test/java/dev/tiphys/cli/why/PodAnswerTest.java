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
  void theLastTryIsToldWithAllItsNodes() {
    assertThat(
            PodAnswer.lines(
                json(
                    "{'namespace':'default','name':'web','node':'b','last':{'time':'T','number':2,"
                        + "'nodeCount':4,'result':'Scheduled','node':'b','feasible':2,'nodes':["
                        + "{'name':'a','feasible':true,'score':10,'scores':[{'plugin':'X','score':"
                        + "5,'weight':2}]},{'name':'b','feasible':true,'score':30,'scores':["
                        + "{'plugin':'X','score':15,'weight':2}]},{'name':'c','feasible':false,"
                        + "'filters':[{'plugin':'Y','passed':false,'reasons':['full']}]},"
                        + "{'name':'d'}]}}")))
        .containsExactly(
            "pod default/web is on node b; 0 of 0 nodes would do now",
            "  try 2 at T: node b was chosen from 2 of 4 nodes",
            "    b: score 30 (X 15x2)",
            "    a: score 10 (X 5x2)",
            "    c: Y: full",
            "    d: was not looked at",
            "  now:");
  }

  @Test
  void ofATryLongAgoTheBestTwoNodesAreTold() {
    assertThat(
            PodAnswer.lines(
                json(
                    "{'namespace':'default','name':'web','node':'b','last':{'time':'T','number':2,"
                        + "'nodeCount':3,'result':'Scheduled','node':'b','feasible':2,'ranking':["
                        + "{'name':'b','score':30,'scores':[{'plugin':'X','score':15,'weight':2}]},"
                        + "{'name':'a','score':10,'scores':[{'plugin':'X','score':5,'weight':2}]}]}}")))
        .containsExactly(
            "pod default/web is on node b; 0 of 0 nodes would do now",
            "  try 2 at T: node b was chosen from 2 of 3 nodes",
            "    b: score 30 (X 15x2)",
            "    a: score 10 (X 5x2)",
            "  now:");
  }

  @Test
  void whatWasWorkedOutAfterTheTryIsToldWithItsTime() {
    assertThat(
            PodAnswer.lines(
                json(
                    "{'namespace':'default','name':'web','last':{'time':'T','number':1,'nodeCount'"
                        + ":1,'result':'Unschedulable','message':'0/1 nodes are available.',"
                        + "'afterwards':{'time':'U','clusterChanged':true,'nodes':[{'name':'a',"
                        + "'filters':[{'plugin':'Y','passed':false,'reasons':['full']},{'plugin':"
                        + "'Z','passed':false,'reasons':['tainted']}]}],'smallestChange':{'node':"
                        + "'a','changes':[{'text':'free 500m of cpu'}]}}}}")))
        .containsExactly(
            "pod default/web has no node; 0 of 0 nodes would do now",
            "  try 1 at T: 0/1 nodes are available.",
            "    all filters at U, when the cluster had changed since the try:",
            "      a: Y: full; Z: tainted",
            "      the smallest change that would have made it fit:",
            "        free 500m of cpu",
            "  now:");
  }

  @Test
  void whoLeavesForThePodIsTold() {
    assertThat(
            PodAnswer.lines(
                json(
                    "{'namespace':'default','name':'web','last':{'time':'T','number':1,'nodeCount':1,"
                        + "'result':'Unschedulable','message':'0/1 nodes are available.',"
                        + "'preemption':{'node':'a','victims':['default/x','default/y']}}}")))
        .containsExactly(
            "pod default/web has no node; 0 of 0 nodes would do now",
            "  try 1 at T: 0/1 nodes are available.",
            "    node a is being cleared for it: default/x, default/y",
            "  now:");
  }
}
