#include "passes/scheduler/Problem.h"
using namespace pfmlir::scheduler;
void Problem::addState(const std::vector<Level> &levels, double stateEnergyJ,
                       double stateTimeS, double stateLeakageW) {
  stateLevels.insert(stateLevels.end(), levels.begin(), levels.end());
  energyJ.push_back(stateEnergyJ);
  timeS.push_back(stateTimeS);
  leakageW.push_back(stateLeakageW);
  ++layerBegin.back();
}

void Problem::setUniformTransitions(double transitionEnergyJ,
                                    double transitionTimeS) {
  TransitionCost cost;
  cost.energyJ.assign(size_t(numLevels) * numLevels, transitionEnergyJ);
  cost.timeS.assign(size_t(numLevels) * numLevels, transitionTimeS);
  for (size_t level = 0; level < numLevels; ++level) {
    cost.energyJ[level * numLevels + level] = 0;
    cost.timeS[level * numLevels + level] = 0;
  }
  transitions.assign(numDomains, cost);
}
