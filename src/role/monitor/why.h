// Why is it here: what each waiting task waits for, judged by what logs and stores show.
#pragma once

#include <vector>

#include "role/monitor/record.h"

namespace baton::role {

/// `partition` is the instance's. Empty once it has ended.
std::vector<WaitingFor> why(const log::Log& log, const Catalog& catalog, const MonitorRecord& record,
                            log::PartitionId partition);

}  // namespace baton::role
