/// What the runtime is to be asked for, made from what a Pod says.
///
/// [dev.tiphys.node.spec.SandboxSpecs] and [dev.tiphys.node.spec.ContainerSpecs] put it together;
/// the other types each know one part: environment, security, resources, names.
package dev.tiphys.node.spec;
