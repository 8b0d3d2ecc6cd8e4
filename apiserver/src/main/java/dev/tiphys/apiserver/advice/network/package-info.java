/// Advice about Services, Ingresses and NetworkPolicies.
package dev.tiphys.apiserver.advice.network;
