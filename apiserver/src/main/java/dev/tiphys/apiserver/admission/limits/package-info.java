/// What a Pod, its containers and a claim may ask for, and what they get if they ask for nothing:
/// the plugin LimitRanger.
package dev.tiphys.apiserver.admission.limits;
